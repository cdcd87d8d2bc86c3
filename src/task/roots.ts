/**
 * The calls that open a scope where there is none yet. `options` may be a scope, a web `Request` or any
 * `{ signal }`: the signal of a scope makes the call a child of that scope, a foreign one stands for an outer
 * scope that it cancels.
 */
import type { Clock } from "../ports/clock.ts";
import { forest, type ScopeNode } from "../scope/node.ts";
import type {
  Cancellable,
  CancelScope,
  Discard,
  GroupOptions,
  Results,
  RootOptions,
  Scope,
  ScopeOptions,
  SettledResults,
  TaskFunction,
  TaskGroup,
} from "./capabilities.ts";
import { realClock } from "./clock.ts";
import { allIn, allSettledIn, anyIn, type Opener, raceIn } from "./combinators.ts";
import { findNode } from "./face.ts";
import { ForeignRoot } from "./foreign-root.ts";
import { labelOf } from "./label.ts";
import { clockMismatch } from "./misuse.ts";
import { mapIn } from "./map.ts";
import { asItIs, openGroup, openLimited } from "./scopes.ts";

/** What `options` say of the place of a root in the tree. */
export interface Place {
  readonly parent: ScopeNode;
  readonly clock: Clock;
  readonly name: string | undefined;
}

/** Finds or makes the parent that `options` name. Throws what is wrong with them. */
export function placeOf(options: RootOptions | undefined, kind: string): Place {
  if (options === undefined || options === null) return { parent: forest, clock: realClock, name: undefined };
  const { clock } = options;
  const name = labelOf(options) as string | undefined;
  // Asked first: a scope makes its signal when that is read.
  const parent = findNode(options as Cancellable);
  if (parent === undefined) {
    const { signal } = options;
    if (signal === undefined || signal === null) return { parent: forest, clock: clock ?? realClock, name };
    if (typeof signal.addEventListener !== "function") throw new TypeError(`options.signal must be an AbortSignal, and is ${String(signal)}.`);
    return { parent: new ForeignRoot(signal, name ?? kind, clock), clock: clock ?? realClock, name };
  }
  if (clock !== undefined && clock !== parent.clock) throw clockMismatch(name ?? parent.name);
  return { parent, clock: parent.clock, name };
}

/** Opens something at the place that `options` name, and gives the place back when it has ended. */
export function under<T>(options: RootOptions | undefined, kind: string, open: (place: Place) => Promise<T>): Promise<T> {
  let place: Place | undefined;
  try {
    place = placeOf(options, kind);
    return closing(place, open(place));
  } catch (error) {
    if (place?.parent instanceof ForeignRoot) place.parent.close();
    return Promise.reject(error);
  }
}

/** Leaves a foreign signal when `call` has settled (G19). */
export function closing<T>({ parent }: Place, call: Promise<T>): Promise<T> {
  return parent instanceof ForeignRoot ? parent.closeAfter(call) : call;
}

/**
 * Opens a task group, runs `body` in it, and settles when the body and every task have finished (G1).
 *
 * Gives what the body returned. The first failure, of a task or of the body, cancels all others, and when
 * they have finished a {@link TaskGroupError} is thrown (G2). Interrupted by a cancellation from outside it
 * rejects with that CancelledError, also when the body had returned (G11).
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 *
 * const greeting = await taskGroup(async (group) => {
 *   const name = group.spawn(async (scope) => {
 *     await sleep(10, scope);
 *     return "world";
 *   });
 *   return `hello ${await name.join(group)}`;
 * });
 * console.log(greeting); // "hello world"
 * ```
 */
export function taskGroup<T>(body: (group: TaskGroup) => T | PromiseLike<T>, options?: (GroupOptions & RootOptions) | undefined): Promise<T> {
  return under(options, "taskGroup", ({ parent, clock, name }) => openGroup(parent, clock, body, groupOptions(options, name), "taskGroup()", asItIs));
}

function groupOptions(options: GroupOptions | undefined, name: string | undefined): GroupOptions | undefined {
  if (options === undefined) return undefined;
  const { errors, onError, concurrency } = options;
  return { name, errors, onError, concurrency };
}

/**
 * Runs `body` for at most `ms` milliseconds. When the time is up the body is cancelled, and when its cleanup
 * has ended a {@link TimeoutError} is thrown (G10). A body that returns all the same gives its value.
 *
 * A limit that has passed already lets the body start; its first wait throws. Throws a RangeError for NaN;
 * Infinity is no limit.
 *
 * @example
 * ```ts
 * import { failAfter, sleep } from "espalier";
 *
 * const value = await failAfter(1_000, async (scope) => {
 *   await sleep(10, scope);
 *   return 42;
 * });
 * console.log(value); // 42
 * ```
 */
export function failAfter<T>(ms: number, body: (scope: CancelScope) => T | PromiseLike<T>, options?: (ScopeOptions & RootOptions) | undefined): Promise<T> {
  return under(options, "failAfter", ({ parent, clock, name }) => openLimited(parent, clock, "failAfter", ms, body, { name }));
}

/**
 * Runs `body` for at most `ms` milliseconds, and gives `fallback` (else `undefined`) when that, or its
 * `cancel()`, was what interrupted it. `moveOnAfter(Infinity, body)` is the plain cancel scope.
 *
 * @example
 * ```ts
 * import { moveOnAfter, sleep } from "espalier";
 *
 * const cached = await moveOnAfter(10, (scope) => sleep(60_000, scope).then(() => "fresh"), { fallback: "stale" });
 * console.log(cached); // "stale"
 * ```
 */
export function moveOnAfter<T, F = undefined>(
  ms: number,
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: (ScopeOptions & RootOptions & { fallback?: F }) | undefined,
): Promise<T | F> {
  const fallback = (): T | F => options?.fallback as F;
  return under(options, "moveOnAfter", ({ parent, clock, name }) => openLimited<T | F>(parent, clock, "moveOnAfter", ms, body, { name }, fallback));
}

/**
 * Runs the functions at the same time and gives their results in their order, as `Promise.all` does. The
 * first failure cancels the others and is thrown when they have finished; `suppressed` has what else failed.
 *
 * @example
 * ```ts
 * import { all } from "espalier";
 *
 * const [user, orders] = await all([async () => "ada", async () => [7, 8]]);
 * console.log(user, orders.length); // ada 2
 * ```
 */
export function all<const F extends readonly TaskFunction<unknown>[]>(functions: F, options?: RootOptions | undefined): Promise<Results<F>> {
  return allIn(rootOpener(options), functions);
}

/**
 * Runs the functions at the same time and gives all outcomes, as `Promise.allSettled` records them. A
 * failure cancels nobody. Interrupted from outside, the call rejects with the CancelledError.
 *
 * @example
 * ```ts
 * import { allSettled } from "espalier";
 *
 * const outcomes = await allSettled([async () => 1, () => Promise.reject(new Error("no"))]);
 * console.log(outcomes.map((outcome) => outcome.status)); // [ 'fulfilled', 'rejected' ]
 * ```
 */
export function allSettled<const F extends readonly TaskFunction<unknown>[]>(functions: F, options?: RootOptions | undefined): Promise<SettledResults<F>> {
  return allSettledIn(rootOpener(options), functions);
}

/**
 * Runs the functions at the same time; the first to settle, well or not, is the result. The others are
 * cancelled and waited for; `discard` gets every value that is not returned. A real error in the cleanup of
 * a loser is thrown.
 *
 * @example
 * ```ts
 * import { race, sleep } from "espalier";
 *
 * console.log(await race([(scope) => sleep(5, scope).then(() => "fast"), (scope) => sleep(60_000, scope)])); // "fast"
 * ```
 */
export function race<const F extends readonly TaskFunction<unknown>[]>(
  functions: F,
  options?: (RootOptions & Discard<F>) | undefined,
): Promise<Results<F>[number]> {
  return raceIn(rootOpener(options), functions, options);
}

/**
 * Runs the functions at the same time; the first to succeed is the result, failures before it are tolerated.
 * The others are cancelled and waited for; `discard` gets every value that is not returned. When all fail, a
 * {@link TaskGroupError} of all is thrown.
 *
 * @example
 * ```ts
 * import { any } from "espalier";
 *
 * console.log(await any([() => Promise.reject(new Error("mirror 1 is down")), async () => "mirror 2"])); // "mirror 2"
 * ```
 */
export function any<const F extends readonly TaskFunction<unknown>[]>(
  functions: F,
  options?: (RootOptions & Discard<F>) | undefined,
): Promise<Results<F>[number]> {
  return anyIn(rootOpener(options), functions, options);
}

/**
 * Calls `fn` for each item, at most `concurrency` at a time, and gives the results in the order of the items.
 * The first failure cancels the others and is thrown. Items are taken only when there is room for them.
 *
 * However it ends, a source that has more is closed (`return()`), as `for await` does. Cancelled from outside it
 * rejects with the CancelledError; a TypeError tells of `items` that cannot be iterated, a RangeError of a
 * `concurrency` that is no whole number from 1 up. Cost: a task for each item; only the results are kept.
 *
 * @example
 * ```ts
 * import { map, sleep } from "espalier";
 *
 * const doubled = await map([1, 2, 3], (n, scope) => sleep(n, scope).then(() => 2 * n), { concurrency: 2 });
 * console.log(doubled); // [ 2, 4, 6 ]
 * ```
 */
export function map<I, R>(
  items: Iterable<I> | AsyncIterable<I>,
  fn: (item: I, scope: Scope, index: number) => R | PromiseLike<R>,
  options?: (RootOptions & { concurrency?: number | undefined }) | undefined,
): Promise<R[]> {
  return mapIn(rootOpener(options), items, fn, options);
}

function rootOpener(options: RootOptions | undefined): Opener {
  return (body, own, give) =>
    under(options, own.name ?? "taskGroup", ({ parent, clock, name }) => openGroup(parent, clock, body, { ...own, name: name ?? own.name }, `${own.name}()`, give));
}
