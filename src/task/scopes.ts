/**
 * The three faces that users hold, each with one right more than the one before. Thin on purpose: a method
 * checks what it was given, makes a node and hands over to the engine.
 */
import { CancelledError } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";
import { setDeadline } from "../scope/deadline.ts";
import { evergreen } from "../scope/evergreen.ts";
import { forest, type Label, type ScopeNode } from "../scope/node.ts";
import type {
  Cancellable,
  CancelScope,
  Discard,
  GroupOptions,
  Results,
  Scope,
  ScopeOptions,
  SettledResults,
  SpawnOptions,
  StartedTask,
  Task,
  TaskFunction,
  TaskGroup,
} from "./capabilities.ts";
import { calling, unseen } from "../scope/watch.ts";
import { realClock } from "./clock.ts";
import { allIn, allSettledIn, anyIn, type Opener, raceIn } from "./combinators.ts";
import { enclose, timeoutOr } from "./enclose.ts";
import { Face, nodeOf, requireFunction, requireMs, windowOn } from "./face.ts";
import { engineOf, Group, runGroup } from "./group.ts";
import { labelOf } from "./label.ts";
import { mapIn } from "./map.ts";
import { scopeEnded } from "./misuse.ts";
import { OpenedScope } from "./opened-scope.ts";
import { operation, passing, quiet, waitFor } from "./park.ts";
import { startIn } from "./start.ts";
import { vacancyIn } from "./vacancy.ts";

type Body<S, T> = (scope: S) => T | PromiseLike<T>;

export class PlainScope extends Face implements Scope {
  checkpoint(): Promise<void> {
    return operation(this, "checkpoint()", (node) => passing(node, "checkpoint"));
  }

  wait<T>(promise: PromiseLike<T>): Promise<T> {
    let isAsked = false;
    const waiting = operation(this, "wait()", (node) => {
      isAsked = true;
      return waitFor(node, promise);
    });
    // Whoever hands over a promise has done with it, also where nobody may wait. A thenable is not asked: it may be lazy.
    if (!isAsked && promise instanceof Promise) quiet(promise);
    return waiting;
  }

  group<T>(body: Body<TaskGroup, T>, options?: GroupOptions): Promise<T> {
    const node = nodeOf(this);
    return openGroup(node, node.clock, body, options, "scope.group()", asItIs);
  }

  failAfter<T>(ms: number, body: Body<CancelScope, T>, options?: ScopeOptions): Promise<T> {
    const node = nodeOf(this);
    return openLimited(node, node.clock, "failAfter", ms, body, options);
  }

  moveOnAfter<T, F = undefined>(ms: number, body: Body<CancelScope, T>, options?: ScopeOptions & { fallback?: F }): Promise<T | F> {
    const node = nodeOf(this);
    return openLimited<T | F>(node, node.clock, "moveOnAfter", ms, body, options, () => options?.fallback as F);
  }

  shield<T>(body: Body<CancelScope, T>, options?: ScopeOptions & { timeout?: number | undefined }): Promise<T> {
    const node = nodeOf(this);
    return openLimited(node, node.clock, "shield", options?.timeout ?? Infinity, body, options);
  }

  defer(cleanup: (scope: Scope) => unknown, options?: { timeout?: number | undefined }): void {
    const node = nodeOf(this);
    const timeout = options?.timeout ?? Infinity;
    requireFunction(cleanup, "defer()", "the cleanup");
    requireMs(timeout, "defer()'s timeout");
    if (node.ended) throw scopeEnded(node, "defer()");
    const run = (): Promise<unknown> => limited(new OpenedScope("shield", node, cleanup.name || "cleanup", node.clock), timeout, cleanup);
    ((node.rare ??= {}).cleanups ??= []).push(run);
  }

  all<const F extends readonly TaskFunction<unknown>[]>(functions: F): Promise<Results<F>> {
    return allIn(openerIn(this), functions);
  }

  allSettled<const F extends readonly TaskFunction<unknown>[]>(functions: F): Promise<SettledResults<F>> {
    return allSettledIn(openerIn(this), functions);
  }

  race<const F extends readonly TaskFunction<unknown>[]>(functions: F, options?: Discard<F>): Promise<Results<F>[number]> {
    return raceIn(openerIn(this), functions, options);
  }

  any<const F extends readonly TaskFunction<unknown>[]>(functions: F, options?: Discard<F>): Promise<Results<F>[number]> {
    return anyIn(openerIn(this), functions, options);
  }

  map<I, R>(
    items: Iterable<I> | AsyncIterable<I>,
    fn: (item: I, scope: Scope, index: number) => R | PromiseLike<R>,
    options?: { concurrency?: number | undefined },
  ): Promise<R[]> {
    return mapIn(openerIn(this), items, fn, options);
  }
}

export class CancellableScope extends PlainScope implements CancelScope {
  cancel(reason?: unknown): void {
    const node = nodeOf(this);
    if (!node.ended && node.interruption === undefined) node.cancelWith(new CancelledError("explicit", node.name, reason));
  }

  reschedule(deadline: number): void {
    const node = nodeOf(this);
    requireMs(deadline, "reschedule()");
    if (node.ended) throw scopeEnded(node, "reschedule()");
    // A deadline that has passed unseen has passed.
    if (node.interruption !== undefined) return;
    // Allowed is the time from the opening, to the microsecond.
    setDeadline(node, deadline, Math.round((deadline - (node as OpenedScope).openedAt) * 1e3) / 1e3);
  }
}

export class GroupScope extends CancellableScope implements TaskGroup {
  get tasks(): Iterable<Task<unknown>> {
    return engineOf(this).tasks;
  }

  get size(): number {
    return engineOf(this).size;
  }

  spawn<T>(fn: TaskFunction<T>, options?: SpawnOptions): Task<T> {
    return engineOf(this).spawn(fn, options, "group.spawn()");
  }

  trySpawn<T>(fn: TaskFunction<T>, options?: SpawnOptions): Task<T> | undefined {
    const group = engineOf(this);
    requireFunction(fn, "group.trySpawn()", "the task");
    if (group.ended) throw scopeEnded(group, "group.trySpawn()");
    return group.room > 0 && !this.cancelled ? group.spawn(fn, options, "group.trySpawn()") : undefined;
  }

  start<T, R = void>(
    fn: (scope: Scope, started: (value: R) => void) => T | PromiseLike<T>,
    scope: Cancellable,
    options?: SpawnOptions,
  ): Promise<StartedTask<T, R>> {
    return startIn(engineOf(this), fn, scope, options);
  }

  vacancy(scope: Cancellable): Promise<void> {
    return vacancyIn(engineOf(this), scope);
  }
}

export const scopeOf: (node: ScopeNode) => Scope = windowOn(PlainScope.prototype);
const cancelScopeOf = windowOn(CancellableScope.prototype);

export const asItIs = <T>(value: T): T => value;

/** Opens groups in `face`, for the calls that are made of one. */
function openerIn(face: Face): Opener {
  const node = nodeOf(face);
  return (body, options, give) => openGroup(node, node.clock, body, options, `${options.name}()`, give);
}

/** Opens a task group below `parent`. */
export function openGroup<T, R>(
  parent: ScopeNode,
  clock: Clock,
  body: Body<TaskGroup, T>,
  options: GroupOptions | undefined,
  call: string,
  give: (value: T) => R,
): Promise<R> {
  try {
    requireFunction(body, call, "the body");
    const group = makeGroup(parent, clock, labelOf(options, body), options, call);
    const scope = new GroupScope(group);
    return (group.call = runGroup(group, () => calling(group, body, scope), options?.errors, give));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** A group below `parent` whose body is still to be run. Throws what is wrong with the request. */
export function makeGroup(parent: ScopeNode, clock: Clock, label: Label, options: GroupOptions | undefined, call: string): Group {
  if (parent.ended) throw scopeEnded(parent, call);
  const valid = checked(options, call);
  return new Group(parent, label, clock, valid, scopeOf);
}

/** Opens a scope with a time limit below `parent`. */
export function openLimited<T>(
  parent: ScopeNode,
  clock: Clock,
  kind: "failAfter" | "moveOnAfter" | "shield",
  ms: number,
  body: Body<CancelScope, T>,
  options: ScopeOptions | undefined,
  fallback?: () => T,
): Promise<T> {
  const call = `${kind}()`;
  try {
    requireFunction(body, call, "the body");
    requireMs(ms, call);
    if (parent.ended) throw scopeEnded(parent, call);
    return limited(new OpenedScope(kind, parent, labelOf(options, body), clock), ms, body, fallback);
  } catch (error) {
    return Promise.reject(error);
  }
}

function limited<T>(node: OpenedScope, ms: number, body: Body<CancelScope, T>, fallback?: () => T): Promise<T> {
  node.openedAt = node.clock.now();
  if (ms !== Infinity) setDeadline(node, node.openedAt + ms, ms);
  const scope = cancelScopeOf(node);
  const promise = enclose(node, () => calling(node, body, scope), fallback ?? timeoutOr(node));
  node.call = promise;
  return promise;
}

function checked(options: GroupOptions | undefined, call: string): GroupOptions {
  if (options === undefined) return {};
  const { concurrency = 1, errors = "group", onError } = options;
  if (!(concurrency === Infinity || (Number.isInteger(concurrency) && concurrency > 0))) {
    throw new RangeError(`${call} needs a whole number from 1 up as its concurrency, or Infinity, and got ${String(concurrency)}.`);
  }
  if (errors !== "group" && errors !== "first") throw new TypeError(`${call} knows errors: "group" and "first", and got ${String(errors)}.`);
  if (onError !== undefined) requireFunction(onError, call, "onError");
  return options;
}

// In no tree once they have left, and never seen (decision 0014).
unseen(() => {
  const group = new Group(forest, "evergreen", realClock, {}, scopeOf);
  const limit = new OpenedScope("evergreen", group, undefined, realClock);
  setDeadline(limit, Infinity, Infinity);
  evergreen(group, new GroupScope(group), limit, group.spawn(() => {}, undefined, "evergreen"));
  limit.leave();
  group.leave();
});
