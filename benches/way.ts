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
  readonly environment?: Readonly<Record<string, string>>;
}

export const node: Runtime = { name: `Node.js ${process.versions.node}`, command: process.execPath, args: ["--expose-gc"] };

const wayProcess = fileOf("way-process.ts", import.meta.url);

/** Longer than any sample: what hangs must become an error. */
const patience = 180_000;

export class Way {
  readonly name: string;
  readonly pid: number | undefined;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  /** `module` is the URL of the row. */
  constructor(module: string, name: string, { command, args, program = wayProcess, environment }: Runtime) {
    this.name = name;
    this.#child = spawn(command, [...args, program, module, name], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...environment } });
    this.pid = this.#child.pid;
    // A process that ended early is told by the answer that does not come.
    this.#child.on("error", () => {});
    this.#child.stdin.on("error", () => {});
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Asks for a sample, of `about` where the way takes a question: JSON there and back. */
  async sample<A = number>(about?: unknown): Promise<A> {
    this.#child.stdin.write(`${about === undefined ? "" : JSON.stringify(about)}\n`);
    let hung = false;
    const limit = setTimeout(() => {
      hung = true;
      this.kill();
    }, patience);
    try {
      const { value, done } = await this.#answers.next();
      if (done !== true) return JSON.parse(value) as A;
    } finally {
      clearTimeout(limit);
    }
    const how = hung ? `had not answered after ${patience / 1000} s` : "ended without an answer, with what it wrote on standard error";
    throw new Error(`the process that measures ${this.name} ${how}`);
  }

  /** Ends the process, which runs as long as it may be asked. */
  close(): void {
    this.#child.stdin.end();
  }

  /** Ends one that does not listen. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
