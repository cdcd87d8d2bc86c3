/** What a worker has one of: made when it is first asked for, disposed of with the worker. */

/** Something that each worker makes for itself, once: see {@link perWorker}. */
export interface PerWorker<T> {
  /** It, made by the first who asks. What `create` throws, each of them is thrown; the next one tries again. */
  get(): T;
}

const made: (() => unknown)[] = [];

/**
 * Declares what every worker has one of: a database handle, a WebAssembly module, a cache. Works ask for it with `get()`; a `create` that returns a
 * promise gives a promise. When the worker ends in good order, `dispose` is called, last made first, and awaited. A worker that is
 * terminated, or dies, disposes of nothing.
 *
 * @example
 * ```ts
 * import { perWorker, work } from "espalier/executor";
 *
 * const cache = perWorker(() => new Map<number, number>());
 * export const square = work(import.meta, "square", (n: number) => {
 *   const known = cache.get();
 *   if (!known.has(n)) known.set(n, n * n);
 *   return known.get(n);
 * });
 * console.log(square(7)); // 49
 * ```
 */
export function perWorker<T>(create: () => T, dispose: (it: Awaited<T>) => unknown = () => {}): PerWorker<T> {
  if (typeof create !== "function") throw new TypeError(`perWorker() needs a function that makes what each worker has, and got ${typeof create}.`);
  let it: { readonly value: T } | undefined;
  return {
    get() {
      if (it !== undefined) return it.value;
      const own = { value: create() };
      it = own;
      const end = async (): Promise<void> => {
        forget();
        await dispose(await own.value);
      };
      const forget = (): void => {
        if (it !== own) return;
        it = undefined;
        const at = made.lastIndexOf(end);
        if (at >= 0) made.splice(at, 1);
      };
      made.push(end);
      if (own.value instanceof Promise) own.value.catch(forget);
      return own.value;
    },
  };
}

let holders = 0;

/** For a worker: what is made in this thread from now on is disposed of, by the function that it gives, when all who hold it have called theirs. */
export function holdResources(): () => Promise<void> {
  holders++;
  let isHolder = true;
  return async () => {
    if (!isHolder) return;
    isHolder = false;
    if (--holders === 0) await disposeAll();
  };
}

/** Disposes of all that was made here, last made first. A failure does not keep the others from it; the first is thrown. */
async function disposeAll(): Promise<void> {
  const failures: unknown[] = [];
  for (let dispose = made.pop(); dispose !== undefined; dispose = made.pop()) {
    try {
      await dispose();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
