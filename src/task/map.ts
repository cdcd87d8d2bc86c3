/** `map`: a group with room for so many, and a body that hands out the items. */
import { isCancelled } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import { recognise } from "../scope/recognise.ts";
import type { Scope, TaskGroup } from "./capabilities.ts";
import type { Opener } from "./combinators.ts";
import { requireFunction } from "./face.ts";
import type { Group, RoomTaker } from "./group.ts";
import { operation, Parked, quiet } from "./park.ts";

type Mapper<I, R> = (item: I, scope: Scope, index: number) => R | PromiseLike<R>;

/** How many items are handed out between two looks at timers, I/O and cancellation. */
const STRIDE = 64;

export function mapIn<I, R>(
  open: Opener,
  items: Iterable<I> | AsyncIterable<I>,
  fn: Mapper<I, R>,
  options: { concurrency?: number | undefined } | undefined,
): Promise<R[]> {
  const results: R[] = [];
  return open(
    (group) => {
      requireFunction(fn, "map()", "the function");
      const label = { name: fn.name || "map" };
      let index = 0;
      return handOut(items, group, (item) => {
        const at = index++;
        group.spawn((scope) => store(results, at, fn(item, scope, at)), label);
      });
    },
    { name: "map", errors: "first", concurrency: options?.concurrency },
    () => results,
  );
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
async function handOut<I>(items: Iterable<I> | AsyncIterable<I>, group: TaskGroup, hand: (item: I) => void): Promise<void> {
  const [iterator, isAsync] = iteratorOf(items);
  const source = new Asked(iterator);
  try {
    if (isAsync) await handOutAnswers(source as Asked<I, AsyncIterator<I>>, group, hand);
    else await handOutAtOnce(source as Asked<I, Iterator<I>>, group, hand);
  } catch (error) {
    if (source.state !== "ended") await close(iterator, source.state === "pending", error);
    throw error;
  }
}

/** Hands items out in the very call that makes room for them: to wake the body for each would cost more than the task. */
async function handOutAtOnce<I>(source: Asked<I, Iterator<I>>, group: TaskGroup, hand: (item: I) => void): Promise<void> {
  let handed = 0;
  const take = (): boolean => {
    const step = source.ask();
    source.state = step.done === true ? "ended" : "open";
    if (step.done === true) return true;
    hand(step.value);
    return ++handed % STRIDE === 0;
  };
  for (;;) {
    await whileRoom(group, take);
    if (source.state === "ended") return;
    await group.checkpoint();
  }
}

async function handOutAnswers<I>(source: Asked<I, AsyncIterator<I>>, group: TaskGroup, hand: (item: I) => void): Promise<void> {
  for (;;) {
    await whileRoom(group, () => true);
    const answer = Promise.resolve(source.ask());
    source.state = "pending";
    // A source that failed has ended, and is not to be closed.
    void answer.then(
      () => (source.state = "open"),
      () => (source.state = "ended"),
    );
    const step = await group.wait(answer);
    if (step.done === true) return;
    hand(step.value);
  }
}

/** Calls `take` for each place of the group that is free, and that comes free, until it gives true. */
function whileRoom(scope: TaskGroup, take: () => boolean): Promise<void> {
  return operation(scope, "map()", (node) => new Taker(node as Group, take).promise);
}

class Taker extends Parked<void> implements RoomTaker {
  readonly #group: Group;
  readonly #take: () => boolean;
  #isTaking = false;

  constructor(group: Group, take: () => boolean) {
    super(group, "map");
    this.#group = group;
    this.#take = take;
    group.onRoom = this;
    this.take();
  }

  take(): void {
    // A task that ends as it is called makes room while the loop below goes on.
    if (this.#isTaking) return;
    this.#isTaking = true;
    const group = this.#group;
    try {
      while (this.parked && group.room > 0 && group.interruption === undefined) if (this.#take()) this.resolve();
    } catch (error) {
      // Cancelled from within the source, which failed then: it is told by the group.
      if (!this.reject(error)) group.addFailures(recognise(error, group).failures);
    }
    this.#isTaking = false;
  }
}

type Source<I> = Iterator<I> | AsyncIterator<I>;

/** A source, and how it stands with it: `"ended"` is not to be closed, `"pending"` has not answered. */
class Asked<I, S extends Source<I>> {
  state: "open" | "pending" | "ended" = "open";
  readonly #source: S;

  constructor(source: S) {
    this.#source = source;
  }

  /** Asks for the next item; a source that throws has ended. */
  ask(): ReturnType<S["next"]> {
    this.state = "ended";
    return this.#source.next() as ReturnType<S["next"]>;
  }
}

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
