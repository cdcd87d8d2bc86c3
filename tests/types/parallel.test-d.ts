/** Ranges and items in chunks: what a work asks for is what the call has to give, and results are inferred. */
import type { Scope } from "espalier";
import { type Chunk, type Executor, parallelFor, parallelMap, parallelReduce, type SharedArray, sharedArray, work } from "espalier/executor";
import { parallelFor as ofThreads } from "espalier/threads";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;
declare const on: Executor;

interface Matrices {
  readonly a: Float64Array;
  readonly b: Float64Array;
}
declare const matrices: Matrices;

export const rows = work(import.meta, "rows", ({ from, to, shared }: Chunk<Matrices>) => void shared.a.subarray(from, to));
export const plain = work(import.meta, "plain", ({ from, to }: Chunk) => to - from);
export const loose = work(import.meta, "loose", async (part: { from: number; to: number }) => String(part.from));
export const double = work(import.meta, "double", (n: number) => 2 * n);
export const later = work(import.meta, "later", async (n: number | string) => [n]);
export const sum = work(import.meta, "sum", (items: readonly number[]) => items.length);

// parallelFor: what is shared is what the work asks for, and asked for
expectType(parallelFor(rows, { from: 0, to: 512, shared: matrices }, scope, { on, chunk: 8, whenCancelled: "abandon" })).is<Promise<void>>();
expectType(parallelFor(plain, { to: 512 }, scope, { on })).is<Promise<void>>();
expectType(ofThreads(loose, { to: 512 }, scope, { on })).is<Promise<void>>();
// @ts-expect-error nothing is shared
void parallelFor(rows, { to: 512 }, scope, { on });
// @ts-expect-error something else is shared
void parallelFor(rows, { to: 512, shared: { a: new Float64Array(1) } }, scope, { on });
// @ts-expect-error the end is missing
void parallelFor(plain, { from: 0 }, scope, { on });
// @ts-expect-error the scope is missing
void parallelFor(plain, { to: 512 }, { on });
// @ts-expect-error the executor is missing
void parallelFor(plain, { to: 512 }, scope, {});
// @ts-expect-error each chunk is another call: nothing can be handed over
void parallelFor(plain, { to: 512 }, scope, { on, transfer: [] });
// @ts-expect-error the work wants no chunk
void parallelFor(double, { to: 512 }, scope, { on });
// @ts-expect-error not a work
void parallelFor((chunk: Chunk) => chunk.to, { to: 512 }, scope, { on });

// parallelMap: results in order
expectType(parallelMap(double, [1, 2], scope, { on })).is<Promise<number[]>>();
expectType(parallelMap(double, new Set([1]), scope, { on })).is<Promise<number[]>>();
expectType(parallelMap(double, new Float64Array(3), scope, { on })).is<Promise<number[]>>();
expectType(parallelMap(later, [1, "a"], scope, { on })).is<Promise<(string | number)[][]>>();
// @ts-expect-error the work wants numbers
void parallelMap(double, ["a"], scope, { on });
// @ts-expect-error a work of chunks is none of items
void parallelMap(plain, [1], scope, { on });

// parallelReduce: of a range and of items
expectType(parallelReduce(plain, { to: 10 }, (total, part) => total + part, 0, scope, { on })).is<Promise<number>>();
expectType(parallelReduce(loose, { to: 10 }, (total, part) => total + part, "", scope, { on })).is<Promise<string>>();
expectType(parallelReduce(sum, [1, 2], (total, part) => [...total, part], [] as number[], scope, { on })).is<Promise<number[]>>();
// @ts-expect-error the parts are numbers
void parallelReduce(plain, { to: 10 }, (total: string, part: string) => total + part, "", scope, { on });
// @ts-expect-error there is nothing to begin with
void parallelReduce(plain, { to: 10 }, (total: number, part: number) => total + part, scope, { on });
// @ts-expect-error the work wants numbers
void parallelReduce(sum, ["a"], (total: number, part: number) => total + part, 0, scope, { on });

// sharedArray: of the class that was given, over shared memory
expectType(sharedArray(Float64Array, 3)).is<SharedArray<Float64Array>>();
sharedArray(Float64Array, [1, 2]) satisfies Float64Array<SharedArrayBuffer>;
sharedArray(BigInt64Array, [1n]) satisfies BigInt64Array;
expectType(sharedArray(Uint8Array, 3).subarray(1).buffer).is<SharedArrayBuffer>();
// @ts-expect-error numbers are no bigints
sharedArray(BigInt64Array, [1]);
// @ts-expect-error not a class of typed arrays
sharedArray(DataView, 1);
