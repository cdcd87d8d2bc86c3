/** `map`: a group with room for so many, and a body that hands out the items. */
import { isCancelled } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Scope, SpawnOptions, TaskGroup } from "./capabilities.ts";
import { asOneCall, type Opener } from "./combinators.ts";
import { requireFunction } from "./face.ts";
import { quiet } from "./park.ts";

type Mapper<I, R> = (item: I, scope: Scope, index: number) => R | PromiseLike<R>;

/** How many items are handed out between two looks at timers, I/O and cancellation. */
const STRIDE = 64;

export function mapIn<I, R>(
  open: Opener,
  items: Iterable<I> | AsyncIterable<I>,
  fn: Mapper<I, R>,
  options: { concurrency?: number | undefined } | undefined,
): Promise<R[]> {
  return asOneCall(open, (openOne) => mapOver(openOne, items, fn, options));
}

async function mapOver<I, R>(
  open: Opener,
  items: Iterable<I> | AsyncIterable<I>,
  fn: Mapper<I, R>,
  options: { concurrency?: number | undefined } | undefined,
): Promise<R[]> {
  requireFunction(fn, "map()", "the function");
  const results: R[] = [];
  await open(
    async (group) => {
      const label = { name: fn.name || "map" };
      let index = 0;
      const hand = (item: I): Promise<void> | undefined => {
        const at = index++;
        const task = (scope: Scope): unknown => store(results, at, fn(item, scope, at));
        if (group.trySpawn(task, label) === undefined) return whenRoom(group, task, label);
        return index % STRIDE === 0 ? group.checkpoint() : undefined;
      };
      return eachOf(items, group, hand);
    },
    { name: "map", errors: "first", concurrency: options?.concurrency },
  );
  return results;
}

async function whenRoom(group: TaskGroup, task: (scope: Scope) => unknown, label: SpawnOptions): Promise<void> {
  do await group.vacancy(group);
  while (group.trySpawn(task, label) === undefined);
}

/** Keeps the value and not the task: of a million items only the results stay. */
function store<R>(results: R[], at: number, result: R | PromiseLike<R>): unknown {
  if (typeof (result as PromiseLike<R> | undefined | null)?.then === "function") {
    return Promise.resolve(result).then((value) => void (results[at] = value));
  }
  results[at] = result as R;
  return undefined;
}

/**
 * As `for await`, with three differences: items that are there are not waited for; a source that does not
 * answer is left when the group is cancelled (it is closed, and waited for unless it is the one that does not
 * answer, which would hang); and what fails while it is closed is not lost (G3).
 */
async function eachOf<I>(items: Iterable<I> | AsyncIterable<I>, group: TaskGroup, hand: (item: I) => Promise<void> | undefined): Promise<void> {
  const [iterator, isAsync] = iteratorOf(items);
  let asked: "no" | "pending" | "answered" = "no";
  try {
    for (;;) {
      asked = "no";
      let step = iterator.next();
      if (isAsync) {
        asked = "pending";
        // A source that failed has ended, and is not to be closed.
        void Promise.resolve(step).then(
          () => (asked = "answered"),
          () => (asked = "no"),
        );
        step = await group.wait(step as Promise<IteratorResult<I>>);
      }
      asked = "answered";
      if ((step as IteratorResult<I>).done === true) return;
      const pause = hand((step as IteratorResult<I>).value as I);
      if (pause !== undefined) await pause;
    }
  } catch (error) {
    if (asked !== "no") await close(iterator, asked === "pending", error);
    throw error;
  }
}

type Source<I> = Iterator<I> | AsyncIterator<I>;

function iteratorOf<I>(items: Iterable<I> | AsyncIterable<I>): [source: Source<I>, isAsync: boolean] {
  const source = Object(items) as Partial<Iterable<I> & AsyncIterable<I>>;
  const asynchronous = source[Symbol.asyncIterator]?.();
  if (asynchronous !== undefined) return [asynchronous, true];
  const synchronous = source[Symbol.iterator]?.();
  if (synchronous !== undefined) return [synchronous, false];
  throw new TypeError(`map() needs an iterable or an async iterable of items, and got ${String(items)}.`);
}

async function close(source: Source<unknown>, isPending: boolean, error: unknown): Promise<void> {
  try {
    const closed = Promise.resolve(source.return?.());
    if (isPending) quiet(closed);
    else await closed;
  } catch (failure) {
    throw isCancelled(error) ? failure : firstOf([error, failure]);
  }
}
