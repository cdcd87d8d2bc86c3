/** A copy of the core and of the model test, in which both see each other and nothing else. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Edit } from "./mutant.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const parts = ["package.json", "src", "tests/model"];

export class Copy implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "espalier-mutant-"));

  constructor(edits: readonly Edit[]) {
    for (const part of parts) cpSync(join(project, part), join(this.folder, part), { recursive: true, filter: (source) => !/\.test(-d)?\.ts$/.test(source) });
    for (const edit of edits) this.#edit(edit);
  }

  #edit({ file, find, put }: Edit): void {
    const path = join(this.folder, "src", file);
    const pieces = readFileSync(path, "utf8").split(find);
    if (pieces.length !== 2) {
      throw new Error(
        `src/${file} has "${find}" ${pieces.length - 1} times, and a mutant changes it where it is once. The core was rewritten there: ` +
          `look for what the line did, and give the mutant the words of its successor.`,
      );
    }
    writeFileSync(path, pieces.join(put));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
