import { park, type Waiter } from "../lowlevel.ts";
import { isCancelled } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Outcome, Scope, TaskGroup } from "../task/capabilities.ts";
import { needCount, needFunction, needScope } from "./arguments.ts";
import type { Flow } from "./flow.ts";
import { GroupFlow } from "./group-flow.ts";
import { Source } from "./source.ts";

/** How `mapStream` works. */
export interface MapStreamOptions {
  /** At most so many items are worked on, or done and not yet taken. */
  concurrency: number;
  /** Whether the results come in the order of the items (the default), or as they are ready. */
  ordered?: boolean | undefined;
}

type Mapper<I, R> = (item: I, scope: Scope, index: number) => R | PromiseLike<R>;

/** What became of an item, where it did not fail. */
type Result<R> = readonly [] | readonly [R];
const NONE = [] as const;

/** How many items are taken between two looks at timers, I/O and cancellation. */
const STRIDE = 64;

/**
 * Calls `fn` for each item, at most `concurrency` at a time, and gives the results while the work goes on.
 *
 * Nothing begins before the first `next()`. An item is taken when there is room for it: who takes results slowly slows the work
 * down, and an endless source needs no more memory than `concurrency` items. A result is given when its task has ended. A
 * failure, of `fn` or of the source, cancels the others and is thrown when they have ended, after the results before it.
 *
 * Leaving the loop cancels what still runs and waits for it; a cancellation of `scope` does the same. The source is closed
 * (`return()`), and waited for unless an answer of it is due. Throws a RangeError for a `concurrency` that is no whole number
 * from 1 up. Cost: a task for each item.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { mapStream } from "espalier/flow";
 *
 * function* naturals() {
 *   for (let n = 1; ; n++) yield n;
 * }
 * await taskGroup(async (group) => {
 *   const squares = mapStream(naturals(), (n, scope) => sleep(1, scope).then(() => n * n), { concurrency: 4 }, group);
 *   for await (const square of squares) {
 *     if (square > 50) break;
 *     console.log(square); // 1, 4, 9, 16, 25, 36, 49
 *   }
 * });
 * ```
 */
export function mapStream<I, R>(
  items: Iterable<I> | AsyncIterable<I>,
  fn: (item: I, scope: Scope, index: number) => R | PromiseLike<R>,
  options: MapStreamOptions,
  scope: Scope,
): Flow<R> {
  needFunction(fn, "mapStream()", "what is done with each item");
  needScope(scope, "mapStream()");
  needCount(options?.concurrency, "mapStream()", "its concurrency");
  return new MapStream(new Source(items, "mapStream()"), fn, options, scope);
}

/**
 * Invariants
 *   1. The items that are worked on and the results that nobody has taken are `concurrency` at most.
 *   2. `#early` has the results whose turn has not come, by index; it is used for ordered results only.
 *   3. The source is asked for one item at a time, and for none once the group is cancelled.
 */
class MapStream<I, R> extends GroupFlow<R> {
  readonly #source: Source<I>;
  readonly #fn: Mapper<I, R>;
  readonly #most: number;
  readonly #early: Map<number, Result<R>> | undefined;
  readonly #named: { readonly name: string };
  #group: TaskGroup | undefined;
  #body: Waiter<void> | undefined;
  /** The index of the next item. */
  #index = 0;
  /** The index of the next result. */
  #turn = 0;
  #working = 0;
  #isPumping = false;
  #sinceLook = 0;

  constructor(source: Source<I>, fn: Mapper<I, R>, { concurrency, ordered = true }: MapStreamOptions, scope: Scope) {
    super(scope, "mapStream");
    this.#source = source;
    this.#fn = fn;
    this.#most = concurrency;
    this.#early = ordered ? new Map() : undefined;
    this.#named = { name: fn.name || "mapStream" };
  }

  protected get running(): number {
    return this.#working;
  }

  protected override get early(): number {
    return this.#early?.size ?? 0;
  }

  protected async produce(group: TaskGroup): Promise<void> {
    this.#group = group;
    try {
      await park<void>(group, "mapStream", (waiter) => {
        this.#body = waiter;
        this.#pump();
      });
    } catch (error) {
      this.#body = undefined;
      try {
        await this.#source.close();
      } catch (failure) {
        throw isCancelled(error) ? failure : firstOf([error, failure]);
      }
      throw error;
    }
  }

  protected override taken(): void {
    this.#pump();
  }

  /** Takes items as long as there is room. */
  #pump(): void {
    // One that ends as it is called comes back here.
    if (this.#isPumping || this.#body === undefined) return;
    this.#isPumping = true;
    try {
      while (this.#hasRoom()) {
        if (++this.#sinceLook > STRIDE) return this.#look();
        const answer = this.#source.ask();
        if (answer instanceof Promise) return void answer.then(this.#answered, this.#failed);
        this.#take(answer);
      }
    } catch (error) {
      this.#body.reject(error);
    }
    this.#isPumping = false;
    this.#endIfDone();
  }

  #hasRoom(): boolean {
    if (this.#source.ended || this.#group!.cancelled) return false;
    return this.#working + (this.#early?.size ?? 0) + this.results.kept < this.#most;
  }

  /** Lets timers and I/O have their turn if this one has been long (G22). */
  #look(): void {
    this.#sinceLook = 0;
    this.#group!.checkpoint().then(this.#goOn, () => {});
  }

  readonly #goOn = (): void => {
    this.#isPumping = false;
    this.#pump();
  };

  readonly #answered = (step: IteratorResult<I, unknown>): void => {
    this.#isPumping = false;
    if (this.#body === undefined) return;
    this.#take(step);
    this.#pump();
  };

  readonly #failed = (error: unknown): void => {
    this.#isPumping = false;
    this.#body?.reject(error);
  };

  #take(step: IteratorResult<I, unknown>): void {
    if (step.done === true) return;
    const index = this.#index++;
    const item = step.value;
    const fn = this.#fn;
    this.#working++;
    const task = this.#group!.spawn((scope) => fn(item, scope, index), this.#named);
    void task.settled().then((outcome) => this.#ended(index, outcome));
  }

  #ended(index: number, outcome: Outcome<R>): void {
    this.#working--;
    if (outcome.status === "failed") return;
    // One that was cancelled by itself has no result, and fails nobody, as in any group.
    const result = outcome.status === "succeeded" ? ([outcome.value] as const) : NONE;
    if (this.#early === undefined) result.forEach((value) => this.results.put(value));
    else this.#inOrder(this.#early, index, result);
    this.#pump();
    this.#endIfDone();
  }

  #inOrder(early: Map<number, Result<R>>, index: number, result: Result<R>): void {
    early.set(index, result);
    for (let next = early.get(this.#turn); next !== undefined; next = early.get(this.#turn)) {
      early.delete(this.#turn++);
      next.forEach((value) => this.results.put(value));
    }
  }

  #endIfDone(): void {
    if (this.#source.ended && this.#working === 0) this.#body?.resolve();
  }
}
