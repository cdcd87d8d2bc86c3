/** An Observable as items for a loop. */
import { type Observable, takeWhile, type Unsubscribable } from "rxjs";
import { channel, ClosedError } from "../channel/index.ts";
import { needScope } from "../flow/arguments.ts";
import type { Scope } from "../index.ts";

/** What may wait for the loop. */
export interface ItemsOptions {
  /** How many values may wait; by default 1,024, Infinity for any number. */
  readonly capacity?: number | undefined;
  /**
   * What happens to a value for which there is no room: `"fail"` (default) unsubscribes, and after those that wait the loop
   * throws ClosedError `"BROKEN"`; `"dropOldest"` drops the one that has waited for longest.
   */
  readonly slow?: "fail" | "dropOldest" | undefined;
}

/**
 * The values of an Observable, for a loop in a scope. RxJS cannot be held up, so values that come while the loop is busy wait in
 * a buffer; `options` say how large it is, and what becomes of what has no room.
 *
 * It subscribes when the first value is asked for, and unsubscribes when the loop is left, the Observable ends, or the scope is
 * cancelled, which the loop throws. The Observable's error is thrown as it is, after the values before it. Several tasks may
 * not share it. Cost of a value: two promises.
 *
 * @example
 * ```ts
 * import { interval } from "rxjs";
 * import { taskGroup } from "espalier";
 * import { itemsOf } from "espalier/rxjs";
 *
 * await taskGroup(async (group) => {
 *   for await (const n of itemsOf(interval(1), group)) {
 *     console.log(n); // 0, 1
 *     if (n === 1) break; // unsubscribes
 *   }
 * });
 * ```
 */
export async function* itemsOf<T>(observable: Observable<T>, scope: Scope, options?: ItemsOptions | undefined): AsyncGenerator<T, void, undefined> {
  const { capacity = 1_024, slow = "fail" } = options ?? {};
  needScope(scope, "itemsOf()");
  if (slow !== "fail" && slow !== "dropOldest") throw new TypeError(`itemsOf() knows slow: "fail" and "dropOldest", and got ${String(slow)}.`);
  if (!(capacity >= 1)) throw new RangeError(`itemsOf() needs room for one value at least as its capacity, and got ${String(capacity)}.`);
  scope.throwIfCancelled();
  const [sender, receiver] = channel<T>(capacity, { name: "itemsOf" });
  let subscription: Unsubscribable | undefined;
  let failure: { readonly error: unknown } | undefined;
  const end = (): void => {
    sender.close();
    subscription?.unsubscribe();
  };
  const fail = (error: unknown): void => {
    failure = { error };
    end();
  };
  const next = (value: T): void => {
    if (sender.closed || sender.trySend(value)) return;
    if (slow === "fail") return fail(overflow(capacity));
    receiver.tryReceive();
    sender.trySend(value);
  };
  const watch = scope.onCancel(end);
  try {
    // An Observable that emits at once does so before there is a subscription to end.
    subscription = observable.pipe(takeWhile(() => !sender.closed)).subscribe({ next, error: fail, complete: end });
    yield* receiver.items(scope);
    if (failure !== undefined) throw failure.error;
  } finally {
    watch[Symbol.dispose]();
    end();
    receiver.close();
  }
}

function overflow(capacity: number): ClosedError {
  return new ClosedError("BROKEN", `an Observable emitted faster than the loop over it went on: ${capacity} values wait, and there is no room for another. Give itemsOf() more capacity, take slow: "dropOldest", or thin out what it emits (throttleTime, bufferTime)`);
}
