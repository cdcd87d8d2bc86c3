import { DONE } from "./flow.ts";

/**
 * Where items come from: any iterable, made when first asked, and how it stands with it.
 *
 *   unopened ── ask() ──▶ open ◀── answered ──▶ pending
 *                          └── done, failed, close() ──▶ ended
 */
export class Source<I> {
  readonly #items: Iterable<I> | AsyncIterable<I>;
  readonly #call: string;
  /** Whether its answers are promises. */
  readonly isAsync: boolean;
  #iterator: Iterator<I> | AsyncIterator<I> | undefined;
  #pending = 0;
  #isEnded = false;

  /** Throws a TypeError for what cannot be iterated. */
  constructor(items: Iterable<I> | AsyncIterable<I>, call: string) {
    const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: synchronous } = Object(items) as Partial<AsyncIterable<I> & Iterable<I>>;
    if (typeof (asynchronous ?? synchronous) !== "function") throw new TypeError(`${call} needs an iterable or an async iterable of items, and got ${String(items)}.`);
    this.#items = items;
    this.isAsync = typeof asynchronous === "function";
    this.#call = call;
  }

  /** Nothing more comes: it said so, or failed, or was closed. */
  get ended(): boolean {
    return this.#isEnded;
  }

  /** How many answers are due. */
  get pending(): number {
    return this.#pending;
  }

  /** Asks for the next item; of an async iterable the answer is a promise. */
  ask(): IteratorResult<I, unknown> | Promise<IteratorResult<I, unknown>> {
    if (this.#isEnded) return DONE;
    const iterator = (this.#iterator ??= this.#open());
    // What throws has ended, and is not to be closed.
    let isAnswered = false;
    try {
      const answer = iterator.next();
      isAnswered = true;
      if (this.isAsync) return this.#due(answer as Promise<IteratorResult<I, unknown>>);
      if ((answer as IteratorResult<I, unknown>).done === true) this.#isEnded = true;
      return answer;
    } finally {
      if (!isAnswered) this.#isEnded = true;
    }
  }

  /** Tells the source that nobody asks any more. Waits for it, unless an answer is due: that might never come. */
  async close(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const closed = Promise.resolve(this.#iterator?.return?.());
    if (this.#pending > 0) closed.then(undefined, () => {});
    else await closed;
  }

  #open(): Iterator<I> | AsyncIterator<I> {
    const source = this.#items as Partial<AsyncIterable<I> & Iterable<I>>;
    const iterator = this.isAsync ? source[Symbol.asyncIterator]!() : source[Symbol.iterator]!();
    if (typeof iterator?.next === "function") return iterator;
    throw new TypeError(`${this.#call} got items whose iterator has no next().`);
  }

  #due(answer: PromiseLike<IteratorResult<I, unknown>>): Promise<IteratorResult<I, unknown>> {
    this.#pending++;
    return Promise.resolve(answer).then(this.#answered, this.#failed);
  }

  readonly #answered = (step: IteratorResult<I, unknown>): IteratorResult<I, unknown> => {
    this.#pending--;
    if (step.done === true) this.#isEnded = true;
    return step;
  };

  readonly #failed = (error: unknown): never => {
    this.#pending--;
    this.#isEnded = true;
    throw error;
  };
}
