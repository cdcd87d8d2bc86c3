/**
 * Whether there is another attempt after a failure, and after which pause. A schedule is a rule without a memory: it is told
 * all that it may want to know, so one object serves all calls at the same time.
 */
import { needCount, needFunction, needMs } from "./arguments.ts";
import { retryAfter } from "./retry-after.ts";

/** A failed attempt, as a {@link Schedule} is told of it. */
export interface Attempt {
  /** Which one it was, from 1. */
  readonly attempt: number;
  /** What it threw. */
  readonly error: unknown;
  /** Milliseconds of the scope's clock since the first attempt began. */
  readonly elapsed: number;
}

/** Milliseconds to pause before the next attempt; `undefined` to give up. */
export type Decide = (failed: Attempt) => number | undefined;

/**
 * When to try again: a rule for the pauses, and limits around it. Each method gives a new schedule.
 *
 * Begin with {@link exponential}, {@link fixed} or {@link delays}, or with a rule of your own:
 * `new Schedule((failed) => failed.attempt * 100)`. Throws a RangeError for a limit that is none.
 *
 * @example
 * ```ts
 * import { exponential } from "espalier/flow";
 *
 * const schedule = exponential(100, { max: 5_000 }).attempts(4).when((error) => error instanceof TypeError);
 * const pauses = [1, 2, 3, 4].map((attempt) => schedule.pauseAfter({ attempt, error: new TypeError("reset"), elapsed: 0 }));
 * console.log(pauses); // [ 100, 200, 400, undefined ]
 * ```
 */
export class Schedule {
  readonly #decide: Decide;

  constructor(decide: Decide) {
    needFunction(decide, "new Schedule()", "the rule");
    this.#decide = decide;
  }

  /** Milliseconds to pause after this failure; `undefined` to give up. Throws a RangeError for a rule that gives no number. */
  pauseAfter(failed: Attempt): number | undefined {
    const pause = this.#decide(failed);
    if (pause === undefined || pause >= 0) return pause;
    throw new RangeError(`The rule of a schedule has to give milliseconds from 0 up, or undefined to give up, and gave ${String(pause)}.`);
  }

  /** At most so many attempts, the first one included. */
  attempts(count: number): Schedule {
    needCount(count, "schedule.attempts()", "the number of attempts");
    return this.#within((failed) => failed.attempt < count);
  }

  /** No attempt begins later than `ms` after the first. */
  within(ms: number): Schedule {
    needMs(ms, "schedule.within()", "the limit");
    return new Schedule((failed) => {
      const pause = this.pauseAfter(failed);
      return pause !== undefined && failed.elapsed + pause <= ms ? pause : undefined;
    });
  }

  /** Only for errors for which this is true; any other ends the attempts. */
  when(isRetried: (error: unknown) => boolean): Schedule {
    needFunction(isRetried, "schedule.when()", "the predicate");
    return this.#within(({ error }) => isRetried(error));
  }

  /**
   * Takes up to this part of each pause away, by chance, so that those who failed together do not come back together: 1
   * (the default) leaves anything from nothing to all of it, 0.5 at least a half.
   */
  jitter(part = 1, random: () => number = Math.random): Schedule {
    if (!(part >= 0 && part <= 1)) throw new RangeError(`schedule.jitter() needs a part from 0 to 1, and got ${String(part)}.`);
    needFunction(random, "schedule.jitter()", "the source of chance");
    return new Schedule((failed) => {
      const pause = this.pauseAfter(failed);
      return pause === undefined ? undefined : pause * (1 - part * random());
    });
  }

  /**
   * Pauses for at least as long as the error asks for. By default that is what an HTTP server said: see {@link retryAfter}.
   * Gives up where that is longer than `max` ms.
   */
  retryAfter(options: { read?: ((error: unknown) => number | undefined) | undefined; max?: number | undefined } = {}): Schedule {
    const { read = retryAfter, max = Infinity } = options;
    needFunction(read, "schedule.retryAfter()", "the reader");
    needMs(max, "schedule.retryAfter()", "the longest pause");
    return new Schedule((failed) => {
      const pause = this.pauseAfter(failed);
      const asked = read(failed.error) ?? 0;
      return pause === undefined || asked > max ? undefined : Math.max(pause, asked);
    });
  }

  /** Tells `listener` of each failure that is followed by another attempt, before the pause. What it throws ends the attempts. */
  onRetry(listener: (failed: Attempt, pause: number) => void): Schedule {
    needFunction(listener, "schedule.onRetry()", "the listener");
    return new Schedule((failed) => {
      const pause = this.pauseAfter(failed);
      if (pause !== undefined) listener(failed, pause);
      return pause;
    });
  }

  #within(goesOn: (failed: Attempt) => boolean): Schedule {
    return new Schedule((failed) => (goesOn(failed) ? this.pauseAfter(failed) : undefined));
  }
}

/**
 * Pauses that grow: `first` ms, then each `factor` times (2) the one before, up to `max` ms. Without an end: say
 * `attempts()` or `within()`.
 *
 * @example
 * ```ts
 * import { exponential } from "espalier/flow";
 *
 * const schedule = exponential(100, { max: 1_000 });
 * console.log([1, 2, 3, 4, 5].map((attempt) => schedule.pauseAfter({ attempt, error: "reset", elapsed: 0 }))); // [ 100, 200, 400, 800, 1000 ]
 * ```
 */
export function exponential(first: number, options: { factor?: number | undefined; max?: number | undefined } = {}): Schedule {
  const { factor = 2, max = Infinity } = options;
  needMs(first, "exponential()", "the first pause");
  needMs(max, "exponential()", "the longest pause");
  if (!(factor >= 1 && factor < Infinity)) throw new RangeError(`exponential() needs a factor from 1 up, and got ${String(factor)}.`);
  return new Schedule(({ attempt }) => (first === 0 ? 0 : Math.min(max, first * factor ** (attempt - 1))));
}

/**
 * The same pause each time, `ms` long. Without an end: say `attempts()` or `within()`.
 *
 * @example
 * ```ts
 * import { fixed } from "espalier/flow";
 *
 * const schedule = fixed(250).within(600);
 * console.log(schedule.pauseAfter({ attempt: 2, error: "reset", elapsed: 260 })); // 250
 * console.log(schedule.pauseAfter({ attempt: 3, error: "reset", elapsed: 515 })); // undefined
 * ```
 */
export function fixed(ms: number): Schedule {
  needMs(ms, "fixed()", "the pause");
  return new Schedule(() => ms);
}

/**
 * These pauses, one after the other; then no more.
 *
 * @example
 * ```ts
 * import { delays } from "espalier/flow";
 *
 * const schedule = delays([10, 100]);
 * console.log([1, 2, 3].map((attempt) => schedule.pauseAfter({ attempt, error: "reset", elapsed: 0 }))); // [ 10, 100, undefined ]
 * ```
 */
export function delays(pauses: Iterable<number>): Schedule {
  const list = [...pauses];
  for (const ms of list) needMs(ms, "delays()", "each pause");
  return new Schedule(({ attempt }) => list[attempt - 1]);
}
