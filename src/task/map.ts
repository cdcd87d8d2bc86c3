/** `map`: a group with room for so many, and a body that hands out the items. */
import { firstOf } from "../errors/suppressed.ts";
import type { Scope, SpawnOptions, TaskGroup } from "./capabilities.ts";
import type { Opener } from "./combinators.ts";
import { requireFunction } from "./face.ts";
import { quiet } from "./park.ts";

type Mapper<I, R> = (item: I, scope: Scope, index: number) => R | PromiseLike<R>;

/** How many items are handed out between two looks at timers, I/O and cancellation. */
const STRIDE = 64;

export async function mapIn<I, R>(
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
      if (Symbol.asyncIterator in Object(items)) return eachAsync(items as AsyncIterable<I>, group, hand);
      for (const item of items as Iterable<I>) {
        const pause = hand(item);
        if (pause !== undefined) await pause;
      }
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
    return (result as PromiseLike<R>).then((value) => void (results[at] = value));
  }
  results[at] = result as R;
  return undefined;
}

/**
 * As `for await`, but a source that does not answer is left when the group is cancelled. It is closed in any
 * case, and waited for unless it is the one that does not answer: that would hang.
 */
async function eachAsync<I>(items: AsyncIterable<I>, group: TaskGroup, hand: (item: I) => Promise<void> | undefined): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  let pending = false;
  try {
    for (;;) {
      const next = iterator.next();
      pending = true;
      void Promise.resolve(next).then(
        () => (pending = false),
        () => (pending = false),
      );
      const step = await group.wait(next);
      if (step.done === true) return;
      await hand(step.value);
    }
  } catch (error) {
    const closed = Promise.resolve(iterator.return?.());
    if (pending) quiet(closed);
    else await closed.catch((failure: unknown) => Promise.reject(firstOf([error, failure]) as Error));
    throw error;
  }
}
