/**
 * A range whose chunks workers take themselves, from a count in shared memory: nobody is asked for the next one, and what all chunks need is
 * sent once a turn instead of once a chunk. (A clone of large shared memory is cheap, but the engine takes it for new memory and collects garbage for it:
 * a fifth of a product of matrices, `npm run bench threads -- --only parallel`.)
 *
 * Invariants
 *   1. Each number of the range is in one chunk, whoever takes it; the chunks are those of a {@link Guide}.
 *   2. A turn ends with the first chunk that ends after `TURN_MS`: then others of the pool have theirs.
 *   3. Between two chunks the scope is looked at.
 */
import type { Declaration, WorkScope } from "../contract.ts";
import { carrier, type DeclaredWork, work } from "../work.ts";
import type { Chunk } from "./chunk.ts";
import { findDeclaration, loadDeclaration } from "./found.ts";
import { sizeOfChunk } from "./guide.ts";

/** So long is the range at most: it is counted in 32 bits. */
export const LONGEST: number = 2 ** 31 - 1;

const TURN_MS = 50;

/** As it is sent. */
export interface CountedRange extends Chunk<unknown> {
  readonly url: string;
  readonly name: string;
  /** How many of it have been taken. */
  readonly taken: Int32Array<SharedArrayBuffer>;
  readonly least: number;
  readonly width: number;
}

export const isTaken = ({ from, to, taken }: CountedRange): boolean => Atomics.load(taken, 0) === to - from;

function take({ from, to, shared, taken, least, width }: CountedRange): Chunk<unknown> | undefined {
  for (;;) {
    const at = Atomics.load(taken, 0);
    if (at === to - from) return undefined;
    const end = at + sizeOfChunk(to - from - at, least, width);
    if (Atomics.compareExchange(taken, 0, at, end) === at) return { from: from + at, to: from + end, shared };
  }
}

function turn({ fn }: Declaration, range: CountedRange, scope: WorkScope, until: number): void | Promise<void> {
  for (let chunk = take(range); chunk !== undefined; chunk = take(range)) {
    const result = fn(chunk as never, scope) as PromiseLike<unknown> | undefined | null;
    if (typeof result?.then === "function") return goOn(fn, range, result, scope, until);
    if (performance.now() > until) return;
    scope.throwIfCancelled();
  }
}

/** From the first chunk on that has to be waited for. */
async function goOn(fn: Declaration["fn"], range: CountedRange, first: PromiseLike<unknown>, scope: WorkScope, until: number): Promise<void> {
  await first;
  while (performance.now() <= until) {
    scope.throwIfCancelled();
    const chunk = take(range);
    if (chunk === undefined) return;
    await fn(chunk as never, scope);
  }
}

/** Runs chunks of the range for a turn, or until there are no more. */
export const takeTurn: DeclaredWork<(range: CountedRange, scope: WorkScope) => void | Promise<void>> = carrier(
  work(import.meta, "takeTurn", (range: CountedRange, scope: WorkScope) => {
    const declaration = findDeclaration(range);
    const until = performance.now() + TURN_MS;
    return declaration === undefined ? loadDeclaration(range).then((found) => turn(found, range, scope, until)) : turn(declaration, range, scope, until);
  }),
);
