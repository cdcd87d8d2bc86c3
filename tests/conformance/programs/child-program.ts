/** A program of program.ts in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { commandOf } from "./this-runtime.ts";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Far above what any of them needs; a program that does not end by itself is killed, and seen by its signal. */
const PATIENCE_MS = 120_000;

export class ChildProgram {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<Ended>;
  readonly #awaited = new Map<string, () => void>();

  constructor(name: string) {
    const child = spawn(...commandOf(join(import.meta.dirname, "program.ts"), name), {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: PATIENCE_MS,
      killSignal: "SIGKILL",
    });
    this.#child = child;
    const errors: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
    createInterface(child.stdout).on("line", (line) => {
      this.#lines.push(line);
      this.#awaited.get(line)?.();
    });
    this.#ended = once(child, "close").then(([code, signal]) => ({ code, signal, lines: this.#lines, errors: errors.join("") }));
  }

  /** Resolves when the program has said this line, or has ended. */
  async says(line: string): Promise<void> {
    if (this.#lines.includes(line)) return;
    await Promise.race([new Promise<void>((resolve) => this.#awaited.set(line, resolve)), this.#ended]);
  }

  kill(signal: NodeJS.Signals): void {
    // Not by its own kill(): after that, Deno takes the signal for its end, whatever it did about it.
    process.kill(this.#child.pid!, signal);
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }
}
