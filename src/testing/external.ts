/** Work outside of the library that somebody registered: virtual time stands still while there is any. */

const outstanding = new Set<{ readonly label: string }>();

/**
 * Registers work that a test clock cannot see: a request, a file, a computation in another thread. Until `work` has
 * settled, virtual time stands still on every test clock, and nothing is called a deadlock.
 *
 * Gives a promise of the same result: await that one, or nobody hears of a failure. A cancellation does not end the
 * work; to end the waiting only, `scope.wait(external(work))`. Cost: one promise.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { failAfter } from "espalier";
 * import { external, testClock } from "espalier/testing";
 *
 * const clock = testClock();
 * const text = await failAfter(60_000, () => external(readFile(new URL(import.meta.url), "utf8"), "this file"), { clock });
 * console.log(text.length > 0, clock.now()); // true 0
 * ```
 */
export function external<T>(work: PromiseLike<T>, label = "external work"): Promise<T> {
  if (typeof (work as PromiseLike<T> | undefined | null)?.then !== "function") {
    throw new TypeError(
      `external() needs the promise of the work that goes on outside, and got ${typeof work}. ` +
        `Call the function that does the work, and give what it returns: external(readFile(path), "read").`,
    );
  }
  const entry = { label };
  outstanding.add(entry);
  const settled = (): void => void outstanding.delete(entry);
  const result = Promise.resolve(work);
  return result.then(
    (value) => {
      settled();
      return value;
    },
    (error: unknown) => {
      settled();
      throw error;
    },
  );
}

/** The labels of what is registered and has not settled. */
export function outstandingWork(): string[] {
  return [...outstanding].map(({ label }) => label);
}
