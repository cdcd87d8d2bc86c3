import { isCancelled } from "../errors/cancelled.ts";
import { MisuseError } from "../errors/misuse.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Scope } from "../task/capabilities.ts";
import { sleep } from "../task/sleep.ts";
import { needFunction, needScope } from "./arguments.ts";
import { Schedule } from "./schedule.ts";

/** How many earlier failures the last one carries: the first, and the latest of the others. */
const MOST_CARRIED = 16;

/**
 * Calls `fn` until it succeeds, with the pauses of `schedule` between the attempts, and gives its value.
 *
 * An attempt has ended, with all that it opened in its scope, before the next begins. When the schedule gives up, the last
 * failure itself is thrown; `suppressed` has the earlier ones (16 at most). Never retried are a MisuseError, which would
 * only come again, and a cancellation, whosever it is; the TimeoutError of a `failAfter` in `fn` is an ordinary failure.
 *
 * Cancelled, an attempt is interrupted, a pause ends at once, and no other attempt begins; in a cancelled scope `fn` is not
 * called. Pauses are counted by the scope's clock. Cost: one scope for each attempt.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { exponential, retry } from "espalier/flow";
 *
 * const schedule = exponential(5).jitter().attempts(4);
 * await taskGroup(async (group) => {
 *   const answer = await retry(
 *     async (scope, attempt) => {
 *       if (attempt < 3) throw new Error("not yet");
 *       return `attempt ${attempt}`;
 *     },
 *     schedule,
 *     group,
 *   );
 *   console.log(answer); // "attempt 3"
 * });
 * ```
 */
export async function retry<T>(fn: (scope: Scope, attempt: number) => T | PromiseLike<T>, schedule: Schedule, scope: Scope): Promise<T> {
  needFunction(fn, "retry()", "what is tried");
  if (!(schedule instanceof Schedule)) throw new TypeError(`retry() needs a schedule as its second argument: exponential(100).attempts(5), for one.`);
  needScope(scope, "retry()");
  const options = { name: fn.name || "retry" };
  const start = scope.now();
  const earlier: unknown[] = [];
  for (let attempt = 1; ; attempt++) {
    scope.throwIfCancelled();
    const at = attempt;
    try {
      return await scope.failAfter(Infinity, (own) => fn(own, at), options);
    } catch (error) {
      if (scope.cancelled || isCancelled(error) || error instanceof MisuseError) throw error;
      let pause: number | undefined;
      try {
        pause = schedule.pauseAfter({ attempt, error, elapsed: scope.now() - start });
      } catch (broken) {
        throw firstOf([broken, error, ...earlier]);
      }
      if (pause === undefined) throw firstOf([error, ...earlier]);
      if (earlier.push(error) > MOST_CARRIED) earlier.splice(1, 1);
      await sleep(pause, scope);
    }
  }
}
