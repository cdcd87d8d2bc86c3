/** A mistake that debug mode has found. */

/** What kind of mistake it is. */
export type ReportKind = "forgotten-await" | "lost-error" | "swallowed-cancellation" | "stuck-cancellation" | "blocked-loop" | "exhausted-pool";

/** One mistake, told once. */
export interface DebugReport {
  readonly kind: ReportKind;
  /** What was seen, in a sentence. */
  readonly what: string;
  /** The task or scope that it is about. */
  readonly name: string;
  /** From the root of its tree down to it. */
  readonly path: readonly string[];
  /** Where it was started: `src/app.ts:12`. */
  readonly spawnedAt: string | undefined;
  /** Where it stood: an operation and its place, or a line that ran. */
  readonly standsAt: string | undefined;
  /** What to do about it. */
  readonly advice: string;
  readonly error?: unknown;
}
