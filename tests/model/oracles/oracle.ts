import type { History } from "../history.ts";

/** Judges a run by one guarantee. Knows the text of the guarantee, the program and the trace; nothing of the library. */
export interface Oracle {
  /** `"G1"` … `"G24"`; or the case that says it. */
  readonly guarantee: string;
  /** What it demands, in a sentence. */
  readonly demands: string;
  /** What in this run is against it, each in a sentence. */
  check(history: History): Iterable<string>;
}
