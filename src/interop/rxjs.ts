/**
 * Beside RxJS: a scope's work as an Observable, and an Observable in a scope.
 *
 * RxJS unsubscribes synchronously and waits for nothing. So who unsubscribes cannot wait for the cleanup of a scope; a group
 * can, if it is told to: see `group` in ObservableOptions.
 */
import { config, Observable, type Subscriber } from "rxjs";
import { iterate } from "../flow/index.ts";
import { type Cancellable, type CancelScope, moveOnAfter, type RootOptions, type Scope, type TaskGroup } from "../index.ts";
import { park } from "../lowlevel.ts";
import { isOwnCancellation } from "./own-cancellation.ts";

export { itemsOf, type ItemsOptions } from "./rxjs-items.ts";

/** Where the work behind an Observable lives. */
export interface ObservableOptions extends RootOptions {
  /**
   * Each subscription is a task of this group, which therefore waits for its cleanup. What fails goes to the subscriber, and only where
   * that has unsubscribed, to the group.
   */
  readonly group?: TaskGroup | undefined;
}

/**
 * A function of espalier as an Observable of its result. Each subscription calls `body` with a scope of its own, at once; it
 * emits what that gives, and completes, once everything in the scope has ended.
 *
 * What `body` throws is the Observable's error, as it is. To unsubscribe cancels the scope, and returns before its cleanup has
 * ended: with `group` somebody waits for that. A failure in a cleanup that nobody is subscribed to any more is that group's,
 * else an unhandled error of RxJS. Cost: a scope, a promise.
 *
 * @example
 * ```ts
 * import { firstValueFrom, timeout } from "rxjs";
 * import { sleep } from "espalier";
 * import { asObservable } from "espalier/rxjs";
 *
 * const answer = asObservable((scope) => sleep(5, scope).then(() => 42));
 * console.log(await firstValueFrom(answer.pipe(timeout(1_000)))); // 42
 * ```
 */
export function asObservable<T>(body: (scope: Scope) => T | PromiseLike<T>, options?: ObservableOptions | undefined): Observable<T> {
  return observableOf<T, T>(body, (subscriber, value) => subscriber.next(value), { name: body.name || "asObservable", ...options });
}

/**
 * The items of an async generator, or of any iterable that `source` gives, as an Observable: those of a channel are
 * `itemsAsObservable((scope) => receiver.items(scope))`.
 *
 * Each subscription iterates in a scope of its own. RxJS cannot hold up who emits: items are emitted as fast as they come. To
 * unsubscribe cancels the scope and closes the source; errors and cleanup are as for `asObservable`. Cost: a scope, some
 * promises for each item.
 *
 * @example
 * ```ts
 * import { lastValueFrom, take, toArray } from "rxjs";
 * import { type Scope, sleep } from "espalier";
 * import { itemsAsObservable } from "espalier/rxjs";
 *
 * async function* ticks(scope: Scope) {
 *   for (let n = 1; ; n++) {
 *     await sleep(1, scope);
 *     yield n;
 *   }
 * }
 * console.log(await lastValueFrom(itemsAsObservable(ticks).pipe(take(3), toArray()))); // [ 1, 2, 3 ]
 * ```
 */
export function itemsAsObservable<T>(source: (scope: Scope) => AsyncIterable<T> | Iterable<T>, options?: ObservableOptions | undefined): Observable<T> {
  const emit = async (scope: Scope, subscriber: Subscriber<T>): Promise<void> => {
    for await (const item of iterate(source(scope), scope)) subscriber.next(item);
  };
  return observableOf<T, void>(emit, () => {}, { name: source.name || "itemsAsObservable", ...options });
}

/** An Observable of what `work` does for a subscriber, and `finish` with its result when all of it has ended. */
function observableOf<T, R>(
  work: (scope: Scope, subscriber: Subscriber<T>) => R | PromiseLike<R>,
  finish: (subscriber: Subscriber<T>, result: R) => void,
  { group, ...place }: ObservableOptions,
): Observable<T> {
  return new Observable<T>((subscriber) => {
    let own: CancelScope | undefined;
    const run = async (around: RootOptions): Promise<void> => {
      try {
        const result = await moveOnAfter(Infinity, (scope) => work((own = scope), subscriber), around);
        // Else it has nobody to tell, and was cancelled for that.
        if (!subscriber.closed) finish(subscriber, result as R);
        subscriber.complete();
      } catch (error) {
        if (!subscriber.closed) subscriber.error(error);
        // Where nobody is subscribed any more, the group is told, or RxJS.
        else if (!isOwnCancellation(error, own)) throw error;
      }
    };
    if (group === undefined) run(place).catch(unhandled);
    const task = group?.spawn((scope) => run({ ...place, signal: scope.signal }), { name: place.name });
    // One that was cancelled while it waited for a place in the group is never called.
    void task?.settled().then((outcome) => {
      if (outcome.status === "cancelled" && !subscriber.closed) subscriber.error(outcome.reason);
    });
    return () => (own ?? task)?.cancel("its subscriber has unsubscribed");
  });
}

/** As RxJS treats what nobody takes. */
function unhandled(error: unknown): void {
  const { onUnhandledError } = config;
  setTimeout(() => {
    if (onUnhandledError === null) throw error;
    onUnhandledError(error);
  });
}

/**
 * Subscribes in a scope, waits until the Observable completes, and gives its last value, `undefined` if there was none.
 *
 * It rejects with the Observable's error, as it is. Cancelled, also by a deadline, it unsubscribes, and rejects with the scope's
 * CancelledError; in a scope that is cancelled already it does not subscribe. Cost: one promise.
 *
 * @example
 * ```ts
 * import { interval, take } from "rxjs";
 * import { failAfter } from "espalier";
 * import { runObservable } from "espalier/rxjs";
 *
 * console.log(await failAfter(1_000, (scope) => runObservable(interval(1).pipe(take(3)), scope))); // 2
 * ```
 */
export function runObservable<T>(observable: Observable<T>, scope: Cancellable): Promise<T | undefined> {
  return park<T | undefined>(scope, "runObservable", (waiter) => {
    let last: T | undefined;
    const subscription = observable.subscribe({
      next: (value) => void (last = value),
      error: (error: unknown) => void waiter.reject(error),
      complete: () => void waiter.resolve(last),
    });
    return () => subscription.unsubscribe();
  });
}
