/** Who decides in a run: by a schedule, by chance, or by priorities. */
import type { Random } from "./random.ts";
import type { Schedule } from "./schedule.ts";

/**
 * So often in a row one task goes on while others could, unless a schedule says otherwise: one that goes round and round
 * with `checkpoint()` until another one has done something must let it.
 */
export const MOST_IN_ROW = 100;

/** What there is to decide. */
export interface Choice {
  /** How many may go on: way 0 is the plain one, that of the task that went on last. */
  readonly ready: number;
  /** Of these the one that has been ready for longest: it would go on without an explorer. */
  readonly oldest: number;
  /** How many things may go wrong instead: the ways after those. */
  readonly faults: number;
  /** Whose turn a way is: one object for each task. */
  who(way: number): object;
}

export interface Decider {
  /** Which way the run goes on. */
  next(choice: Choice): number;
  /** Which of `ways` the program goes, where it leaves that open itself. */
  pick(ways: number): number;
}

/** The usual order: first come, first served, as without an explorer. */
export class InTurn implements Decider {
  next({ oldest }: Choice): number {
    return oldest;
  }

  pick(): number {
    return 0;
  }
}

/** Follows a schedule, and the plain order where that says nothing. */
export class Following implements Decider {
  #hasLeft = false;
  readonly #schedule: Schedule;
  #decision = 0;
  #deviation = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Whether all of the schedule was there to be followed. */
  get wasFollowed(): boolean {
    return !this.#hasLeft && this.#deviation === this.#schedule.length;
  }

  next({ ready, faults }: Choice): number {
    return this.pick(ready + faults);
  }

  pick(ways: number): number {
    const deviation = this.#schedule[this.#deviation];
    if (deviation === undefined || deviation.at !== this.#decision++) return 0;
    this.#deviation++;
    if (deviation.way < ways) return deviation.way;
    this.#hasLeft = true;
    return 0;
  }
}

/** Each way is as likely as the others; things go wrong at steps that were drawn before. */
export class ByChance implements Decider {
  readonly #random: Random;
  readonly #faultSteps: ReadonlySet<number>;
  #step = 0;

  constructor(random: Random, faults: number, steps: number) {
    this.#random = random;
    this.#faultSteps = drawn(random, faults, steps);
  }

  next(choice: Choice): number {
    return fault(this.#random, this.#faultSteps, this.#step++, choice) ?? this.#random.below(choice.ready);
  }

  pick(ways: number): number {
    return this.#random.below(ways);
  }
}

/**
 * PCT: of those who may go on, the one of the highest priority does. Priorities are drawn, and at `depth - 1` steps
 * that were drawn too, who would go on falls behind all others.
 */
export class ByPriority implements Decider {
  readonly #random: Random;
  readonly #faultSteps: ReadonlySet<number>;
  readonly #falls: ReadonlySet<number>;
  readonly #priorities = new Map<object, number>();
  #lowest = 0;
  #step = 0;
  #last: object | undefined;
  #inRow = 0;

  constructor(random: Random, depth: number, faults: number, steps: number) {
    this.#random = random;
    this.#faultSteps = drawn(random, faults, steps);
    this.#falls = drawn(random, depth - 1, steps);
  }

  next(choice: Choice): number {
    const step = this.#step++;
    const wrong = fault(this.#random, this.#faultSteps, step, choice);
    if (wrong !== undefined) return wrong;
    const way = this.#first(choice);
    const task = choice.who(way);
    this.#inRow = task === this.#last ? this.#inRow + 1 : 0;
    this.#last = task;
    if (!this.#falls.has(step) && this.#inRow < MOST_IN_ROW) return way;
    this.#priorities.set(task, --this.#lowest);
    this.#last = undefined;
    return this.#first(choice);
  }

  pick(ways: number): number {
    return this.#random.below(ways);
  }

  #first({ ready, who }: Choice): number {
    let first = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let way = 0; way < ready; way++) {
      const priority = this.#priorityOf(who(way));
      if (priority <= highest) continue;
      highest = priority;
      first = way;
    }
    return first;
  }

  #priorityOf(task: object): number {
    let priority = this.#priorities.get(task);
    if (priority === undefined) this.#priorities.set(task, (priority = this.#random.below(2 ** 30)));
    return priority;
  }
}

function drawn(random: Random, count: number, steps: number): ReadonlySet<number> {
  return new Set(Array.from({ length: count }, () => random.below(Math.max(steps, 1))));
}

function fault(random: Random, steps: ReadonlySet<number>, step: number, { ready, faults }: Choice): number | undefined {
  return faults > 0 && steps.has(step) ? ready + random.below(faults) : undefined;
}
