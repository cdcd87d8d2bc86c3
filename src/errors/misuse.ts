import { stamp } from "./brand.ts";

/** What was done wrong; stable, for tests and for searching the documentation. */
export type MisuseCode =
  | "SCOPE_ENDED"
  | "ALREADY_STARTED"
  | "NOT_STARTED"
  | "UNAWAITED"
  | "SELF_JOIN"
  | "EMPTY"
  | "CLOCK_MISMATCH"
  | (string & {});

/**
 * The library was used in a way that cannot work. The message says what was done, what was seen, the likely
 * cause and the way out; `code` is stable.
 *
 * @example
 * ```ts
 * import { MisuseError, taskGroup, type TaskGroup } from "espalier";
 *
 * let kept!: TaskGroup;
 * await taskGroup((group) => {
 *   kept = group;
 * });
 * try {
 *   kept.spawn(() => {});
 * } catch (error) {
 *   if (error instanceof MisuseError) console.log(error.code); // "SCOPE_ENDED"
 * }
 * ```
 */
export class MisuseError extends Error {
  readonly code: MisuseCode;

  constructor(code: MisuseCode, message: string) {
    super(message);
    this.code = code;
  }
}
stamp(MisuseError, "MisuseError", "misuse");
