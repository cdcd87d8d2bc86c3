/** A way's process, as the harness sees it: asked for a sample at a time, and idle in between. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileOf } from "./child.ts";

export interface Runtime {
  readonly name: string;
  readonly command: string;
  /** What comes before the program. */
  readonly args: readonly string[];
  /** What measures there, if it is not `way-process.ts`: it gets the row's module and the way's name, and answers the same. */
  readonly program?: string;
}

export const node: Runtime = { name: `Node.js ${process.versions.node}`, command: process.execPath, args: ["--expose-gc"] };

const wayProcess = fileOf("way-process.ts", import.meta.url);

export class Way {
  readonly name: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  /** `module` is the URL of the row. */
  constructor(module: string, name: string, { command, args, program = wayProcess }: Runtime) {
    this.name = name;
    this.#child = spawn(command, [...args, program, module, name], { stdio: ["pipe", "pipe", "inherit"] });
    // A process that ended early is told by the answer that does not come.
    this.#child.on("error", () => {});
    this.#child.stdin.on("error", () => {});
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async sample(): Promise<number> {
    this.#child.stdin.write("\n");
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`the process that measures ${this.name} ended without an answer: ${this.#child.spawnargs.join(" ")}`);
    return Number(value);
  }

  /** Ends the process, which runs as long as it may be asked. */
  close(): void {
    this.#child.stdin.end();
  }
}
