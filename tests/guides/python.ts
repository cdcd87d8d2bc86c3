/** Programs of Python, by whichever interpreter has the library: that of PATH, or the system's. */
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const player = fileURLToPath(new URL("play.py", import.meta.url));
const interpreters = ["python3", "/usr/bin/python3"];

export type Answer = { readonly says: readonly string[] } | { readonly failed: string };

export interface Python {
  readonly command: string;
  readonly version: string;
}

/** Who has the libraries, and the version of the first; asyncio's is Python's own, and has to have task groups. */
export function pythonWith(libraries: readonly string[]): Python | undefined {
  const [first = ""] = libraries;
  const version = first === "asyncio" ? "'.'.join(map(str, sys.version_info[:3]))" : `importlib.metadata.version(${JSON.stringify(first)})`;
  const look = `import sys, importlib.metadata, ${libraries.join(", ")}\nif sys.version_info < (3, 11): sys.exit(1)\nprint(${version})`;
  for (const command of interpreters) {
    const { status, stdout } = spawnSync(command, ["-c", look], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return undefined;
}

export interface Program {
  readonly code: string;
  readonly real: boolean;
}

/** What each program said. */
export function play({ command }: Python, args: readonly string[], programs: readonly Program[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, [player, ...args], { timeout: 170_000, encoding: "utf8", maxBuffer: 2 ** 24 }, (_error, stdout, stderr) => {
      const answers = stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Answer);
      const stuck = programs[answers.length];
      if (stuck === undefined) resolve(answers);
      else reject(new Error(`play.py ${args.join(" ")} did not get beyond\n${stuck.code}\n${stderr}`));
    });
    child.stdin?.end(JSON.stringify(programs));
  });
}

/** Whether a version is at least another, by its numbers. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string): number[] => text.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const [have, want] = [numbers(version), numbers(least)];
  const at = want.findIndex((part, index) => part !== (have[index] ?? 0));
  return at === -1 || (have[at] ?? 0) > (want[at] ?? 0);
}
