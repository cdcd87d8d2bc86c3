/** A plausible mistake in a waiting primitive, or in how one is used, as a change of tests/explore/. */
import type { Edit } from "../mutant.ts";

export interface Planted {
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly mistake: string;
  /** The study that must find it: its file below tests/explore/programs/, and its name there. */
  readonly study: readonly [file: string, name: string];
  /** Files below tests/explore/. */
  readonly edits: readonly Edit[];
}
