/**
 * Two revisions of espalier, side by side: `--compare REV` builds another revision in a folder of its own, and the harness then measures
 * every way with both builds in each round. What no build changes, the rivals' ways, shows how far chance goes.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pairedRatio, median, type Ratio } from "./ratio.ts";

/** A way measured with both builds: of its amount, or of one of its amounts. */
export interface Compared {
  readonly row: string;
  readonly way: string;
  readonly base: number;
  readonly head: number;
  /** Head ÷ base. */
  readonly ratio: Ratio;
}

/** The dist folder of the base, while one is compared with. */
export let baseBuild: string | undefined;

const kept: Compared[] = [];

/** What was compared since this was last asked. */
export const takeCompared = (): Compared[] => kept.splice(0);

/** Keeps a way's amounts of both builds; where one of them failed there is nothing to compare. */
export function keepCompared(module: string, way: string, base: readonly unknown[], head: readonly unknown[]): void {
  if (base.length === 0 || base.length !== head.length) return;
  const row = basename(fileURLToPath(module), ".ts");
  for (const { name, of } of numbersOf(head[0])) {
    const [before, after] = [base.map(of), head.map(of)];
    if (before.some((value) => value === 0)) continue;
    kept.push({ row, way: name === "" ? way : `${way}: ${name}`, base: median(before), head: median(after), ratio: pairedRatio(after, before) });
  }
}

interface Part {
  readonly name: string;
  readonly of: (amount: unknown) => number;
}

/** The numbers of a sample: itself, or those it has by name. */
function numbersOf(amount: unknown): Part[] {
  if (typeof amount === "number") return [{ name: "", of: (one) => one as number }];
  if (typeof amount !== "object" || amount === null) return [];
  return Object.entries(amount)
    .filter(([, value]) => typeof value === "number")
    .map(([name]): Part => ({ name, of: (one) => (one as Record<string, number>)[name]! }));
}

const root = fileURLToPath(new URL("..", import.meta.url));

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status === 0) return stdout.trim();
  throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr.trim()}`);
}

/** A revision as a line: its short name and its subject. */
export const describeRevision = (revision: string): string => run("git", ["log", "-1", "--format=%h %s", revision], root);

/** Builds `revision` beside this tree, with what is installed here; the builds are compared until it is disposed. */
export function compareWith(revision: string): Disposable {
  const described = describeRevision(revision);
  const folder = mkdtempSync(join(tmpdir(), "espalier-base-"));
  const dispose = (): void => {
    baseBuild = undefined;
    rmSync(folder, { recursive: true, force: true });
    run("git", ["worktree", "prune"], root);
  };
  try {
    run("git", ["worktree", "add", "--detach", folder, revision], root);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    run(process.execPath, [join(folder, "tools", "build.mjs")], folder);
  } catch (error) {
    dispose();
    throw new Error(`${revision} (${described}) could not be built`, { cause: error });
  }
  baseBuild = join(folder, "dist");
  return { [Symbol.dispose]: dispose };
}
