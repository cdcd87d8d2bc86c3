import { firstOf } from "../errors/suppressed.ts";
import type { Scope } from "../task/capabilities.ts";
import { operationOf } from "../task/park.ts";
import { needScope } from "./arguments.ts";
import { DONE, type Flow, type FlowStatistics } from "./flow.ts";
import { Source } from "./source.ts";

/**
 * The items of any iterable, waited for in `scope`: for sources that know nothing of scopes.
 *
 * Each item is asked for when the loop wants it, never before. Leaving the loop closes the source and waits for it. What the source
 * throws is thrown as it is, after the items before it.
 *
 * Cancelled, the waiting ends; the source is closed, and waited for unless it is the one that does not answer: of a generator that
 * hangs, `finally` runs only once it goes on. Where only the scope of one `next(scope)` is cancelled, a time limit for this item say,
 * the source stays open, and what it answers is given to the next who asks. In a cancelled scope nothing is asked for.
 *
 * @example
 * ```ts
 * import { failAfter } from "espalier";
 * import { iterate } from "espalier/flow";
 *
 * const stream = new Blob(["a line"]).stream(); // hangs, should the disk
 * await failAfter(1_000, async (scope) => {
 *   for await (const chunk of iterate(stream, scope)) console.log(chunk.length); // 6
 * });
 * ```
 */
export function iterate<T>(items: Iterable<T> | AsyncIterable<T>, scope: Scope): Flow<T> {
  needScope(scope, "iterate()");
  return new Iteration(new Source(items, "iterate()"), scope);
}

type Step<T> = IteratorResult<T, undefined>;

/**
 * Invariants
 *   1. An answer whose wait was interrupted is in `#unclaimed`, in the order of asking, and is given before anything is asked again.
 *   2. Once the flow's scope is cancelled, or the flow is left, the source is closed.
 */
class Iteration<T> implements Flow<T> {
  readonly #source: Source<T>;
  readonly #scope: Scope;
  readonly #unclaimed: Promise<IteratorResult<T, unknown>>[] = [];
  /** Those of the unclaimed ones that have come. */
  readonly #ready = new Set<Promise<IteratorResult<T, unknown>>>();
  #waiting = 0;

  constructor(source: Source<T>, scope: Scope) {
    this.#source = source;
    this.#scope = scope;
  }

  next(scope: Scope = this.#scope): Promise<Step<T>> {
    return operationOf(this.#next(scope));
  }

  async return(): Promise<Step<T>> {
    await this.#source.close();
    return DONE;
  }

  statistics(): FlowStatistics {
    return { running: this.#source.pending, ready: this.#ready.size, waiting: this.#waiting };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #next(scope: Scope): Promise<Step<T>> {
    let step: IteratorResult<T, unknown>;
    this.#waiting++;
    try {
      step = await this.#ask(scope);
    } catch (error) {
      if (this.#scope.cancelled) await this.#closeAfter(error);
      throw error;
    } finally {
      this.#waiting--;
    }
    return step.done === true ? DONE : { done: false, value: step.value };
  }

  async #ask(scope: Scope): Promise<IteratorResult<T, unknown>> {
    scope.throwIfCancelled();
    const due = this.#unclaimed.shift();
    if (due !== undefined) {
      this.#ready.delete(due);
      return this.#claim(due, scope);
    }
    if (this.#source.ended) return DONE;
    if (!this.#source.isAsync) await scope.checkpoint();
    const answer = this.#source.ask();
    return answer instanceof Promise ? this.#claim(answer, scope) : answer;
  }

  async #claim(answer: Promise<IteratorResult<T, unknown>>, scope: Scope): Promise<IteratorResult<T, unknown>> {
    try {
      return await scope.wait(answer);
    } catch (error) {
      // Interrupted, not answered: what the source threw is told now.
      if (scope.cancelled && error === scope.reason) this.#keep(answer);
      throw error;
    }
  }

  #keep(answer: Promise<IteratorResult<T, unknown>>): void {
    this.#unclaimed.push(answer);
    const came = (): void => void (this.#unclaimed.includes(answer) && this.#ready.add(answer));
    answer.then(came, came);
  }

  async #closeAfter(error: unknown): Promise<void> {
    try {
      await this.#source.close();
    } catch (failure) {
      throw error === this.#scope.reason ? failure : firstOf([error, failure]);
    }
  }
}
