import { seen } from "./arguments.ts";

/** Something that is iterated and has to be closed. */
export interface Closable {
  return?(value?: never): unknown;
}

/**
 * Closes a generator at the end of the block: `await using rows = closing(query())`. Gives the generator itself, made disposable.
 *
 * Leaving the block calls `return()` and waits until the generator's `finally` has run, also if the loop stopped halfway or the
 * generator was never begun; a second time does nothing. What its cleanup throws leaves the block, beside the block's own error
 * (SuppressedError, which `leaves` looks through).
 *
 * The waiting has no scope: it is cleanup. A generator that is stuck in a `next()` ends when that does, so hand it the scope that
 * is cancelled, or run it with {@link safeIterate}, which cancels first.
 *
 * @example
 * ```ts
 * import { closing } from "espalier/flow";
 *
 * async function* rows() {
 *   try {
 *     yield* [1, 2, 3];
 *   } finally {
 *     console.log("closed");
 *   }
 * }
 * const open = closing(rows()); // where the syntax exists: await using open = closing(rows());
 * try {
 *   console.log((await open.next()).value); // 1
 * } finally {
 *   await open[Symbol.asyncDispose](); // "closed"
 * }
 * ```
 */
export function closing<G extends Closable>(generator: G): G & AsyncDisposable {
  if (typeof generator !== "object" || generator === null) throw new TypeError(`closing() needs a generator, and got ${seen(generator)}. Call the generator function.`);
  let isClosed = false;
  const dispose = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await generator.return?.();
  };
  return Object.defineProperty(generator, Symbol.asyncDispose, { value: dispose, configurable: true }) as G & AsyncDisposable;
}
