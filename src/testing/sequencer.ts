/**
 * A forced order among tasks.
 *
 * Invariants
 *   1. `#reached` is the number of points that have been passed; point n is passed after all before it.
 *   2. A point is taken at most once.
 *   3. Once a taker was let go before its turn, no later point is ever reached: all of them fail.
 */
import { MisuseError } from "../errors/misuse.ts";
import type { ScopeNode } from "../scope/node.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { operation, Parked, passing } from "../task/park.ts";

/**
 * Makes tasks do things in a given order: `at(n, scope)` waits until the points 0 to n - 1 have been passed.
 *
 * Each point is for one task: a second `at` of the same rejects with MisuseError `"POINT_TAKEN"`. If one that waits is cancelled,
 * those behind it could never be reached: they reject with MisuseError `"SEQUENCE_BROKEN"`.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Sequencer, testClock } from "espalier/testing";
 *
 * const order = new Sequencer();
 * const steps: string[] = [];
 * await taskGroup(
 *   (group) => {
 *     group.spawn((scope) => order.at(1, scope, () => steps.push("second")));
 *     group.spawn((scope) => order.at(0, scope, () => steps.push("first")));
 *   },
 *   { clock: testClock() },
 * );
 * console.log(steps); // ["first", "second"]
 * ```
 */
export class Sequencer {
  readonly #taken = new Set<number>();
  readonly #waiting = new Map<number, Parked<void>>();
  #reached = 0;
  #brokenAt = Infinity;

  /** Waits for the turn of `point`, then runs `step`. The point is passed when that has ended, also by a failure. */
  async at(point: number, scope: Cancellable): Promise<void>;
  async at<T>(point: number, scope: Cancellable, step: () => T | PromiseLike<T>): Promise<T>;
  async at<T>(point: number, scope: Cancellable, step?: () => T | PromiseLike<T>): Promise<T | void> {
    await this.#turnOf(point, scope);
    try {
      return await step?.();
    } finally {
      this.#reached++;
      this.#waiting.get(this.#reached)?.resolve();
      this.#waiting.delete(this.#reached);
    }
  }

  #turnOf(point: number, scope: Cancellable): Promise<void> {
    return operation(scope, "sequencer.at()", (node) => {
      if (!Number.isInteger(point) || point < 0) throw new RangeError(`sequencer.at() needs a whole number from 0 up as its point, and got ${String(point)}.`);
      if (this.#taken.has(point)) throw taken(point);
      if (point > this.#brokenAt) throw broken(point);
      this.#taken.add(point);
      const turn = point === this.#reached ? passing(node, `point ${point}`) : this.#wait(node, point);
      // However it was let go: also in the pause of a point whose turn it is.
      turn.then(undefined, () => this.#break(point));
      return turn;
    });
  }

  #wait(node: ScopeNode, point: number): Promise<void> {
    const parked = new Parked<void>(node, `point ${point}`);
    this.#waiting.set(point, parked);
    return parked.promise;
  }

  #break(at: number): void {
    this.#waiting.delete(at);
    this.#brokenAt = Math.min(this.#brokenAt, at);
    for (const [point, parked] of this.#waiting) {
      if (point < at) continue;
      this.#waiting.delete(point);
      parked.reject(broken(point));
    }
  }
}

function taken(point: number): MisuseError {
  return new MisuseError(
    "POINT_TAKEN",
    `Point ${point} of the sequencer was asked for twice. Each point is for one task, once: typically two tasks were given the same ` +
      `number, or a loop comes by again. Give each its own, or use a new Sequencer for each round.`,
  );
}

function broken(point: number): MisuseError {
  return new MisuseError(
    "SEQUENCE_BROKEN",
    `Point ${point} of the sequencer can never be reached: a task that waited for an earlier one was cancelled. ` +
      `Look at what cancelled it; typically it is another failure of the same test.`,
  );
}
