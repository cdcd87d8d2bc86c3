/**
 * Copies of tests/explore/ with a mistake in each. They lie inside the project, so that `espalier` is the very library
 * that explores them, and all of them run in this process.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Study } from "../../explore/study.ts";
import type { Edit } from "../mutant.ts";
import type { Planted } from "./planted.ts";

const project = fileURLToPath(new URL("../../..", import.meta.url));
const parts = ["study.ts", "primitives", "programs"];

export class Nursery implements Disposable {
  readonly #folder: string;
  #copies = 0;

  constructor() {
    const cache = join(project, ".cache");
    mkdirSync(cache, { recursive: true });
    this.#folder = mkdtempSync(join(cache, "planted-"));
  }

  /** The study that has to find the mistake, on a copy that has it. */
  async plant({ study: [file, name], edits }: Pick<Planted, "study" | "edits">): Promise<Study> {
    const copy = join(this.#folder, String(this.#copies++));
    for (const part of parts) cpSync(join(project, "tests/explore", part), join(copy, part), { recursive: true });
    for (const edit of edits) change(copy, edit);
    const { studies } = (await import(pathToFileURL(join(copy, "programs", file)).href)) as { studies: Readonly<Record<string, Study>> };
    const study = studies[name];
    if (study === undefined) throw new Error(`programs/${file} has no study "${name}", only ${Object.keys(studies).join(", ")}.`);
    return study;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function change(copy: string, { file, find, put }: Edit): void {
  const path = join(copy, file);
  const pieces = readFileSync(path, "utf8").split(find);
  if (pieces.length !== 2) {
    throw new Error(`tests/explore/${file} has "${find}" ${pieces.length - 1} times, and a mistake is planted where it is once: give it the words that stand there now.`);
  }
  writeFileSync(path, pieces.join(put));
}
