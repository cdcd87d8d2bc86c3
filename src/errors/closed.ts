import { stamp } from "./brand.ts";

/**
 * Why nothing can come any more: `"CLOSED"`, the one who asks has closed it; `"ENDED"`, nothing more will be sent;
 * `"BROKEN"`, the other side is gone.
 */
export type ClosedCode = "CLOSED" | "ENDED" | "BROKEN";

/**
 * What was used or waited for has been closed, by whichever side. `undelivered` is what could not be handed over.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Barrier, ClosedError } from "espalier/sync";
 *
 * const barrier = new Barrier(2);
 * barrier.abort();
 * await taskGroup((group) => barrier.wait(group)).catch((error) => {
 *   const [failure] = error.errors;
 *   if (failure instanceof ClosedError) console.log(failure.code); // "BROKEN"
 * });
 * ```
 */
export class ClosedError extends Error {
  readonly code: ClosedCode;
  /** The value that was to be handed over, where there was one. */
  declare readonly undelivered?: unknown;

  constructor(code: ClosedCode, message: string, options?: ErrorOptions & { readonly undelivered?: unknown }) {
    super(message, options);
    this.code = code;
    if (options !== undefined && "undelivered" in options) this.undelivered = options.undelivered;
  }
}
stamp(ClosedError, "ClosedError", "closed");
