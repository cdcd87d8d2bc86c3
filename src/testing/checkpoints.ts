/** Whether an operation does what every waiting operation has to: yield, and look at its cancellation. */
import { isCancelled } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";
import type { CancelScope, Scope, TaskFunction } from "../task/capabilities.ts";
import { clockOf } from "../task/behind.ts";
import { failAfter } from "../task/roots.ts";
import { AssertionError } from "./assertion-error.ts";
import { testClock } from "./clock.ts";
import { listen } from "./facts.ts";

/** What a call of an operation showed. */
interface Seen<T> {
  /** It waited in the library, or asked for its turn, or its promise was pending when the call had returned. */
  readonly hasYielded: boolean;
  readonly ended: { readonly value: T } | { readonly error: unknown };
}

/**
 * Fails unless `fn` is a checkpoint: in a cancelled scope it throws the cancellation, and in a live one it yields at least once
 * before it ends. Calls it twice, first in a cancelled scope, so that one which does its work there is found, too.
 *
 * Gives what the second call gives, or throws what it throws; throws an `AssertionError` that names what is missing. The scopes are
 * children of `scope`; without one, of a root on a test clock.
 *
 * @example
 * ```ts
 * import { sleep } from "espalier";
 * import { assertCheckpoints } from "espalier/testing";
 *
 * await assertCheckpoints((scope) => sleep(0, scope));
 * ```
 */
export async function assertCheckpoints<T>(fn: TaskFunction<T>, scope?: Scope): Promise<T> {
  const cancelled = await inCancelled(fn, scope);
  const isPoint = "error" in cancelled.ended && isCancelled(cancelled.ended.error);
  const live = await see(fn, (body) => open(scope, body));
  if (isPoint && live.hasYielded) return resultOf(live);
  const missing = [...(isPoint ? [] : [`it is no cancellation point: called in a cancelled scope it ${howItEnded(cancelled)}`]), ...(live.hasYielded ? [] : ["it did not yield"])];
  throw new AssertionError(
    `${nameOf(fn)} is no checkpoint: ${missing.join(", and ")}. A loop around it can be neither cancelled nor overtaken. ` +
      `Typically it takes a short cut when it need not wait, or does not pass on its scope. Begin the short cut with await scope.checkpoint().`,
  );
}

/**
 * Fails if `fn` is a checkpoint in any way: called once, in a cancelled scope, it must neither throw the cancellation nor yield.
 *
 * Gives what it gives, or throws what it throws; throws an `AssertionError` that names what was seen. The scope is a child of
 * `scope`; without one, of a root on a test clock.
 *
 * @example
 * ```ts
 * import { assertNoCheckpoints } from "espalier/testing";
 *
 * const queue: string[] = [];
 * await assertNoCheckpoints(() => void queue.push("item"));
 * ```
 */
export async function assertNoCheckpoints<T>(fn: TaskFunction<T>, scope?: Scope): Promise<T> {
  const seen = await inCancelled(fn, scope);
  const isPoint = "error" in seen.ended && isCancelled(seen.ended.error);
  if (!isPoint && !seen.hasYielded) return resultOf(seen);
  throw new AssertionError(
    `${nameOf(fn)} is a checkpoint: in a cancelled scope ${isPoint ? "it threw the cancellation" : "it yielded"}. What runs between its call and its end ` +
      `can be overtaken${isPoint ? " and cancelled" : ""}. Typically it waits on a path that was meant to be immediate.`,
  );
}

function inCancelled<T>(fn: TaskFunction<T>, scope: Scope | undefined): Promise<Seen<T>> {
  return see(fn, (body) =>
    open(scope, (own) => {
      own.cancel("to see whether the operation looks at it");
      return body(own);
    }),
  );
}

/** Opens a scope whose own cancellation may be thrown by what runs in it without ending anything else. */
function open(scope: Scope | undefined, body: (own: CancelScope) => Promise<void>): Promise<void> {
  return scope === undefined ? failAfter(Infinity, body, { clock: testClock() }) : scope.failAfter(Infinity, body);
}

async function see<T>(fn: TaskFunction<T>, within: (body: (own: CancelScope) => Promise<void>) => Promise<void>): Promise<Seen<T>> {
  let seen: Seen<T> | undefined;
  await within(async (own) => {
    const yields = countYields(clockOf(own));
    let call: Promise<T>;
    try {
      call = Promise.resolve(fn(own));
    } catch (error) {
      call = Promise.reject(error);
    }
    let isPending = true;
    const settled = (): void => void (isPending = false);
    call.then(settled, settled);
    // What was settled at the end of the call comes before this.
    await Promise.resolve();
    const wasPending = isPending;
    const ended = await call.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    seen = { hasYielded: yields.stop() > 0 || wasPending, ended };
  });
  return seen!;
}

/** Counts how often anything in the time of `clock` waits, or asks whether it has to give up its turn. */
function countYields(clock: Clock): { stop(): number } {
  let count = 0;
  const stopListening = listen(clock, () => void count++);
  const { pause } = clock;
  const counting = (): Promise<void> | undefined => {
    count++;
    return pause.call(clock);
  };
  // Only while the operation runs: who need not wait tells nobody but the clock.
  const shadow = Object.defineProperty(clock, "pause", { value: counting, configurable: true, writable: true });
  return {
    stop() {
      stopListening();
      Reflect.deleteProperty(shadow, "pause");
      return count;
    },
  };
}

function resultOf<T>({ ended }: Seen<T>): T {
  if ("error" in ended) throw ended.error;
  return ended.value;
}

function howItEnded({ ended }: Seen<unknown>): string {
  return "error" in ended ? `threw ${String(ended.error)}` : "went through";
}

function nameOf(fn: { readonly name: string }): string {
  return fn.name === "" ? "The operation" : `"${fn.name}"`;
}
