import { MisuseError } from "../../errors/misuse.ts";

/** A typed array over shared memory: a `Float64Array<SharedArrayBuffer>`, said so that compilers before 5.7 understand it. */
export type SharedArray<A> = {
  readonly buffer: SharedArrayBuffer;
  subarray(begin?: number, end?: number): SharedArray<A>;
} & A;

/** One of the classes of typed arrays. */
export interface TypedArrayClass<A> {
  readonly prototype: A;
  readonly BYTES_PER_ELEMENT: number;
  new (memory: SharedArrayBuffer): unknown;
}

/**
 * Makes a typed array over shared memory, of so many elements, all zero, or with those of an array. It goes to other threads by reference: all see what
 * one writes. Where two may write to the same element, use `Atomics`.
 *
 * Throws MisuseError `"NO_SHARED_MEMORY"` where there is none: in browsers, a page has it only when it is cross-origin isolated. Waits for nothing. Cost: the memory;
 * it is free again when no thread refers to it.
 *
 * @example
 * ```ts
 * import { sharedArray } from "espalier/executor";
 *
 * const zeros = sharedArray(Float64Array, 3);
 * const bytes = sharedArray(Uint8Array, [1, 2, 3]);
 * console.log(zeros.join(), bytes.join(), bytes.buffer instanceof SharedArrayBuffer); // 0,0,0 1,2,3 true
 * ```
 */
export function sharedArray<A extends ArrayLike<number> | ArrayLike<bigint>>(Class: TypedArrayClass<A>, from: number | ArrayLike<A[number]>): SharedArray<A> {
  const bytes = (Class as Partial<TypedArrayClass<A>> | undefined | null)?.BYTES_PER_ELEMENT;
  if (typeof Class !== "function" || typeof bytes !== "number") throw new TypeError(`sharedArray() needs a class of typed arrays, Float64Array for one, and got ${String(Class)}.`);
  const length = typeof from === "number" ? from : from?.length;
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`sharedArray() needs a length, a whole number from 0 up, or an array, and got ${String(from)}.`);
  if (typeof SharedArrayBuffer === "undefined") {
    throw new MisuseError(
      "NO_SHARED_MEMORY",
      "sharedArray() found no SharedArrayBuffer: here threads share no memory. In a browser the page has to be cross-origin isolated: it is served with the headers " +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp. Else send copies: parallelMap() and parallelReduce() need no shared memory.",
    );
  }
  const array = new Class(new SharedArrayBuffer(length * bytes)) as SharedArray<A> & { set(values: ArrayLike<A[number]>): void };
  if (typeof from !== "number") array.set(from);
  return array;
}
