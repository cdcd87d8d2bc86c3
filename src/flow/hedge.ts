import { park, type Waiter } from "../lowlevel.ts";
import type { Discard, Results, Scope, TaskFunction } from "../task/capabilities.ts";
import { needCount, needFunction, needMs, needScope } from "./arguments.ts";

/** When `hedge` begins another attempt. */
export interface HedgeOptions {
  /** How many ms an attempt may take before the next is begun beside it. */
  delay: number;
  /** How many attempts there are at most when one function is hedged; by default 2. */
  attempts?: number | undefined;
}

/**
 * Calls the functions one after the other, each when the one before has failed or has taken longer than `delay` ms, and gives
 * the first value.
 *
 * The others are cancelled and waited for when there is a value; `discard` gets every value that is not returned. Failures
 * before it are tolerated; when all fail, a TaskGroupError of all is thrown, and of none without functions. A real error in
 * the cleanup of a loser is thrown.
 *
 * Cancelled, all that were begun are cancelled and waited for, and no other begins. Delays are counted by the scope's clock.
 * Cost: a task for each function, also for those that are not called.
 *
 * @example
 * ```ts
 * import { type Scope, sleep, taskGroup } from "espalier";
 * import { hedge } from "espalier/flow";
 *
 * await taskGroup(async (group) => {
 *   const ask = (replica: string, ms: number) => (scope: Scope) => sleep(ms, scope).then(() => replica);
 *   console.log(await hedge([ask("north", 60_000), ask("south", 5)], { delay: 20 }, group)); // "south"
 * });
 * ```
 */
export function hedge<const F extends readonly TaskFunction<unknown>[]>(
  functions: F,
  options: HedgeOptions & Discard<F>,
  scope: Scope,
): Promise<Results<F>[number]>;
/**
 * Calls one function up to `attempts` times, each time when the call before has failed or has taken longer than `delay` ms.
 *
 * @example
 * ```ts
 * import { type Scope, sleep, taskGroup } from "espalier";
 * import { hedge } from "espalier/flow";
 *
 * await taskGroup(async (group) => {
 *   const ask = async (scope: Scope, attempt: number) => {
 *     await sleep(attempt === 1 ? 60_000 : 5, scope); // the first one hangs
 *     return `answer of attempt ${attempt}`;
 *   };
 *   console.log(await hedge(ask, { delay: 20 }, group)); // "answer of attempt 2"
 * });
 * ```
 */
export function hedge<T>(
  fn: (scope: Scope, attempt: number) => T | PromiseLike<T>,
  options: HedgeOptions & { discard?: ((value: T) => unknown) | undefined },
  scope: Scope,
): Promise<T>;
export async function hedge(
  what: readonly TaskFunction<unknown>[] | ((scope: Scope, attempt: number) => unknown),
  options: HedgeOptions & { discard?: ((value: unknown) => unknown) | undefined },
  scope: Scope,
): Promise<unknown> {
  const { delay, attempts = 2, discard } = options;
  needMs(delay, "hedge()", "its delay");
  needCount(attempts, "hedge()", "its attempts");
  needScope(scope, "hedge()");
  const functions = typeof what === "function" ? Array.from({ length: attempts }, (_, index) => (own: Scope) => what(own, index + 1)) : [...what];
  functions.forEach((fn, index) => needFunction(fn, "hedge()", `item ${index}`));
  scope.throwIfCancelled();
  const stages = functions.map(() => ({ begun: new Milestone(), over: new Milestone() }));
  const attempt = (fn: TaskFunction<unknown>, index: number): TaskFunction<unknown> => {
    const { begun, over } = stages[index]!;
    const before = stages[index - 1];
    return async (own) => {
      try {
        await before?.begun.wait(own);
        if (before !== undefined) await own.moveOnAfter(delay, (waiting) => before.over.wait(waiting), { name: "hedge" });
        begun.reach();
        return await fn(own);
      } catch (error) {
        begun.reach();
        over.reach();
        throw error;
      }
    };
  };
  return scope.any(functions.map(attempt), { discard });
}

/** Something that happens once, and that one waits for. */
class Milestone {
  #isReached = false;
  #waiter: Waiter<void> | undefined;

  reach(): void {
    this.#isReached = true;
    this.#waiter?.resolve();
  }

  wait(scope: Scope): Promise<void> | undefined {
    if (this.#isReached) return undefined;
    return park<void>(scope, "hedge", (waiter) => void (this.#waiter = waiter));
  }
}
