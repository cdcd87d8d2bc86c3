/**
 * The Pythons of this machine: `python3`, Debian's, those that pyenv and uv keep, and what ESPALIER_PYTHON names. Nothing is installed into
 * them: what one of them has is measured, what none has is told with the way to get it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Entrant } from "./measure.ts";

export interface Python {
  readonly command: string;
  readonly version: string;
  /** Built without the lock that lets one thread run at a time. */
  readonly freeThreaded: boolean;
  /** Built with the compiler of PEP 744. */
  readonly jit: boolean;
  /** The packages that were looked for, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
}

const wanted = ["uvloop", "trio", "anyio", "httpx", "aiohttp", "pydantic", "numpy", "celery", "redis"];

const probe = `
import json, sys, sysconfig
from importlib import metadata, util
def version(name):
    try: return metadata.version(name)
    except metadata.PackageNotFoundError: return "?"
def has_jit():
    if hasattr(sys, "_jit"): return sys._jit.is_available()
    return "_Py_JIT" in (sysconfig.get_config_var("PY_CORE_CFLAGS") or "")
print(json.dumps({
    "version": sys.version.split()[0], "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")), "jit": has_jit(),
    "packages": {name: version(name) for name in ${JSON.stringify(wanted)} if util.find_spec(name)}}))
`;

/** The newest first, each once. */
export function pythons(): readonly Python[] {
  found ??= candidates()
    .flatMap((command) => {
      const { status, stdout } = spawnSync(command, ["-c", probe], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      return status === 0 ? [{ command, ...(JSON.parse(stdout) as Omit<Python, "command">) }] : [];
    })
    .filter(({ version }) => since(version, [3, 11]))
    .toSorted((a, b) => compareVersions(b.version, a.version));
  return found;
}
let found: readonly Python[] | undefined;

function candidates(): string[] {
  const { ESPALIER_PYTHON: named, PYENV_ROOT: pyenv = join(homedir(), ".pyenv") } = process.env;
  const keepers = [join(pyenv, "versions"), join(homedir(), ".local", "share", "uv", "python")];
  const kept = keepers.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, "bin", "python3")));
  const onPath = ["python3", ...[11, 12, 13, 14, 15].flatMap((minor) => [`python3.${minor}`, `python3.${minor}t`])].flatMap(whereIs);
  const files = [...(named === undefined ? [] : [named]), ...onPath, "/usr/bin/python3", ...kept].filter((file) => existsSync(file));
  return [...new Map(files.map((file) => [realpathSync(file), file])).values()];
}

/** What a name starts, where that is a program itself and no shim before one. */
function whereIs(name: string): string[] {
  const { status, stdout } = spawnSync(name, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? [stdout.trim()] : [];
}

const numbersOf = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10));

function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const place = left.findIndex((number, index) => number !== right[index]);
  return place < 0 ? 0 : left[place]! - (right[place] ?? 0);
}

const since = (version: string, [major, minor]: readonly [number, number]): boolean => compareVersions(version, `${major}.${minor}`) >= 0;

export interface Need {
  readonly packages?: readonly string[];
  readonly since?: readonly [number, number];
  readonly freeThreaded?: boolean;
  readonly jit?: boolean;
}

/** The newest Python that has what is needed, or what is missing. One with a lock, unless one without is asked for. */
export function pythonWith({ packages = [], since: least = [3, 11], freeThreaded = false, jit = false }: Need): Python | { readonly missing: string } {
  const fitting = pythons().filter((one) => one.freeThreaded === freeThreaded && (one.jit || !jit) && since(one.version, least));
  const complete = fitting.find((one) => packages.every((name) => name in one.packages));
  if (complete !== undefined) return complete;
  if (freeThreaded) return { missing: "no free-threaded build of Python is installed (python3.13t or later)" };
  if (jit) return { missing: "no Python with the compiler of PEP 744 is installed (3.13 or later, built with --enable-experimental-jit)" };
  if (fitting.length === 0) return { missing: `no Python ${least.join(".")} or later is installed` };
  const lacked = packages.filter((name) => !fitting.some((one) => name in one.packages));
  const names = lacked.length === 0 ? packages : lacked;
  return { missing: `no Python here has ${names.join(" and ")} (Debian: apt-get install ${names.map((name) => `python3-${name}`).join(" ")})` };
}

/** A way of a Python program as somebody who takes part. It leaves nothing behind in this folder. */
export function entrantOf({ command, version }: Python, name: string, way: string, program: string, environment: Readonly<Record<string, string>> = {}): Entrant {
  return { name, way, runtime: { name: `CPython ${version}`, command, args: ["-B", "-W", "ignore"], program, environment } };
}
