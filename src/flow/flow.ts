import type { Scope } from "../task/capabilities.ts";

/** What a flow knows, for tests and metrics. */
export interface FlowStatistics {
  /** How many values are being made: tasks that run, or answers of the source that are due. */
  readonly running: number;
  /** How many are made and not taken, also those whose turn has not come. */
  readonly ready: number;
  /** How many `next()` wait for one. */
  readonly waiting: number;
}

/**
 * Values that come one after the other, and the work behind them.
 *
 * For one `for await` loop. It is left as any iterator is: the end of the loop ends the work, cancels what still runs and waits
 * for it. What fails in the cleanup then is thrown by the loop, unless its body failed itself: the language keeps the
 * body's error alone.
 */
export interface Flow<T> extends AsyncIterable<T>, AsyncDisposable {
  /**
   * The next value. Waits in `scope`, by default in the one that the flow was opened with; cancelled there, it takes nothing.
   * Several may be asked for at a time: first come, first served.
   */
  next(scope?: Scope | undefined): Promise<IteratorResult<T, undefined>>;
  /** Ends the flow: cancels what still runs, waits for it, and throws what failed and was not told before. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** What is under way now. */
  statistics(): FlowStatistics;
  [Symbol.asyncIterator](): Flow<T>;
}

/** There is nothing more. */
export const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };
