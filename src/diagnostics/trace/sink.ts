/**
 * The file that a trace is written to, by all threads and processes of a program at once.
 *
 * Invariants
 *   1. What is kept in memory is less than a block and a line, however long the program runs.
 *   2. Each write is of whole lines, at the end of the file wherever that is by now. What a crash takes along is a moment of them at most.
 *   3. A file that cannot be written ends the trace, with one warning, and never the program.
 */
import { constants, openSync, writeSync } from "node:fs";
import { warn } from "../../host/warn.ts";

const BLOCK = 64 * 1024;
const MOMENT_MS = 100;

export class Sink {
  readonly #path: string;
  readonly #file: number | undefined;
  #lines = "";
  #isWaiting = false;
  #isBroken = false;

  /** The file has to be there: where it is not, the trace is over. */
  constructor(path: string) {
    this.#path = path;
    this.#file = this.#try(() => openSync(path, constants.O_WRONLY | constants.O_APPEND));
    process.on("exit", () => this.flush());
  }

  write(line: string): void {
    if (this.#isBroken) return;
    this.#lines += line;
    if (this.#lines.length >= BLOCK) return this.flush();
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => this.flush(), MOMENT_MS).unref();
  }

  flush(): void {
    this.#isWaiting = false;
    let rest = Buffer.from(this.#lines);
    this.#lines = "";
    this.#try(() => {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#file!, rest));
    });
  }

  #try<T>(act: () => T): T | undefined {
    if (this.#isBroken) return undefined;
    try {
      return act();
    } catch (error) {
      this.#isBroken = true;
      warn(`The trace ${this.#path} ends here: it cannot be written (${String(error)}).`);
      return undefined;
    }
  }
}
