/**
 * A copy of the core and of the model test, in which both see each other and nothing else. One is enough for all
 * mutants, one after the other: what Node compiled of the files that stay the same is kept beside it.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Edit } from "./mutant.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const parts = ["package.json", "src", "tests/model", "tests/runtimes"];

export class Copy implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "espalier-mutants-"));

  constructor() {
    for (const part of parts) cpSync(join(project, part), join(this.folder, part), { recursive: true, filter: (source) => !/\.test(-d)?\.ts$/.test(source) });
  }

  /** Makes the changes, until what it gives is disposed. */
  change(edits: readonly Edit[]): Disposable {
    const undo = new Map(edits.map(({ file }) => [this.#path(file), readFileSync(this.#path(file), "utf8")]));
    for (const edit of edits) this.#edit(edit);
    return {
      [Symbol.dispose]: () => {
        for (const [path, text] of undo) writeFileSync(path, text);
      },
    };
  }

  #edit({ file, find, put }: Edit): void {
    const pieces = readFileSync(this.#path(file), "utf8").split(find);
    if (pieces.length !== 2) {
      throw new Error(
        `src/${file} has "${find}" ${pieces.length - 1} times, and a mutant changes it where it is once. The core was rewritten there: ` +
          `look for what the line did, and give the mutant the words of its successor.`,
      );
    }
    writeFileSync(this.#path(file), pieces.join(put));
  }

  #path(file: string): string {
    return join(this.folder, "src", file);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
