/**
 * `all`, `allSettled`, `race`, `any`: each a group that is opened, filled and waited for, with nothing that a
 * user of `scope.group` could not write.
 */
import { TaskGroupError } from "../errors/group.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Discard, GroupOptions, Outcome, Results, SettledResults, Task, TaskFunction, TaskGroup } from "./capabilities.ts";
import { type Face, nodeOf, requireFunction } from "./face.ts";
import { empty } from "./misuse.ts";
import type { OpenedScope } from "./opened-scope.ts";

/** Opens the group: below a scope, or as a root. */
export type Opener = <T>(body: (group: TaskGroup) => T | PromiseLike<T>, options: GroupOptions) => Promise<T>;

type Functions = readonly TaskFunction<unknown>[];

/** Runs `work`, which opens one group, and makes its promise that of the group's call: what is told of one is told of the other (G16). */
export function asOneCall<T>(open: Opener, work: (open: Opener) => Promise<T>): Promise<T> {
  let opened: OpenedScope | undefined;
  const call = work((body, options) =>
    open((group) => {
      opened = nodeOf(group as unknown as Face) as OpenedScope;
      return body(group);
    }, options),
  );
  if (opened !== undefined) opened.call = call;
  return call;
}

export function allIn<const F extends Functions>(open: Opener, functions: F): Promise<Results<F>> {
  return asOneCall(open, async (openOne) => {
    const tasks = await openOne(spawnAll(functions, "all()"), { name: "all", errors: "first" });
    return tasks.map(({ outcome }) => (outcome as Outcome<unknown> & { status: "succeeded" }).value) as Results<F>;
  });
}

export function allSettledIn<const F extends Functions>(open: Opener, functions: F): Promise<SettledResults<F>> {
  return asOneCall(open, async (openOne) => {
    const tasks = await openOne(spawnAll(functions, "allSettled()"), { name: "allSettled", onError: () => {} });
    return tasks.map((task) => record(task.outcome!)) as SettledResults<F>;
  });
}

export function raceIn<const F extends Functions>(open: Opener, functions: F, options?: Discard<F>): Promise<Results<F>[number]> {
  return asOneCall(open, (openOne) => firstIn(openOne, functions, options?.discard, "race"));
}

export function anyIn<const F extends Functions>(open: Opener, functions: F, options?: Discard<F>): Promise<Results<F>[number]> {
  return asOneCall(open, (openOne) => firstIn(openOne, functions, options?.discard, "any"));
}

function spawnAll(functions: Functions, call: string): (group: TaskGroup) => Task<unknown>[] {
  const list = [...functions];
  list.forEach((fn, index) => requireFunction(fn, call, `item ${index}`));
  return (group) => list.map((fn) => group.spawn(fn));
}

function record(outcome: Outcome<unknown>): PromiseSettledResult<unknown> {
  if (outcome.status === "succeeded") return { status: "fulfilled", value: outcome.value };
  return { status: "rejected", reason: outcome.status === "failed" ? outcome.error : outcome.reason };
}

async function firstIn<V>(open: Opener, functions: Functions, discard: ((value: V) => unknown) | undefined, name: "race" | "any"): Promise<V> {
  const list = [...functions];
  if (list.length === 0 && name === "race") throw empty("race()");
  const spawn = spawnAll(list, `${name}()`);
  if (discard !== undefined) requireFunction(discard, `${name}()`, "discard");
  let tasks: Task<unknown>[] = [];
  /** Failures of this call; what `any` tolerates goes to the other list. */
  const failures: unknown[] = [];
  const tolerated: unknown[] = [];
  const winner: { task?: Task<unknown> | undefined } = {};
  let isCancelled = (): boolean => false;
  const onError = (error: unknown): void => {
    // After a win, or in a cancelled call, it is a failure of cleanup.
    const late = isCancelled() || tasks.some(({ outcome }) => outcome?.status === "succeeded");
    (name === "any" && !late ? tolerated : failures).push(error);
  };
  try {
    await open(
      async (group) => {
        isCancelled = () => group.cancelled;
        tasks = spawn(group);
        winner.task = await firstToEnd(tasks, ({ status }) => status === "succeeded" || (name === "race" && status === "failed"));
        group.cancel();
      },
      { name, onError },
    );
  } catch (error) {
    // A failure of a task beats the cancellation of the call (G7).
    if (failures.length === 0) failures.push(error);
  }
  const kept = winner.task;
  if (kept === undefined && failures.length === 0) failures.push(new TaskGroupError(tolerated));
  for (const task of tasks) if (task !== kept) await drop(task, discard, failures);
  if (kept !== undefined && failures.length > 0) await drop(kept, discard, failures);
  if (failures.length > 0) throw firstOf(failures);
  return (kept!.outcome as { value: V }).value;
}

async function drop<V>(task: Task<unknown>, discard: ((value: V) => unknown) | undefined, failures: unknown[]): Promise<void> {
  if (discard === undefined || task.outcome?.status !== "succeeded") return;
  try {
    await discard(task.outcome.value as V);
  } catch (error) {
    failures.push(error);
  }
}

/** The first task to end in a way that `wins`; `undefined` when all have ended and none did. */
function firstToEnd(tasks: readonly Task<unknown>[], wins: (task: Task<unknown>) => boolean): Promise<Task<unknown> | undefined> {
  return new Promise((resolve) => {
    let left = tasks.length;
    if (left === 0) resolve(undefined);
    for (const task of tasks) {
      void task.settled().then(() => {
        if (wins(task)) resolve(task);
        else if (--left === 0) resolve(undefined);
      });
    }
  });
}
