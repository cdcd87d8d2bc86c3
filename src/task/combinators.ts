/**
 * `all`, `allSettled`, `race`, `any`: each a group that is opened, filled and waited for, with nothing that a
 * user of `scope.group` could not write.
 */
import { TaskGroupError } from "../errors/group.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Discard, GroupOptions, Results, SettledResults, Task, TaskFunction, TaskGroup } from "./capabilities.ts";
import { requireFunction } from "./face.ts";
import { isSpoiled } from "./group.ts";
import { empty } from "./misuse.ts";

/** Opens a group, below a scope or as a root; `give` makes the result of the call from what the body returned. */
export type Opener = <T, R>(body: (group: TaskGroup) => T | PromiseLike<T>, options: GroupOptions, give: (value: T) => R) => Promise<R>;

type Functions = readonly TaskFunction<unknown>[];

export function allIn<const F extends Functions>(open: Opener, functions: F): Promise<Results<F>> {
  return open(spawnAll(functions, "all()"), { name: "all", errors: "first" }, (tasks) => tasks.map(valueOf) as Results<F>);
}

export function allSettledIn<const F extends Functions>(open: Opener, functions: F): Promise<SettledResults<F>> {
  return open(spawnAll(functions, "allSettled()"), { name: "allSettled", errors: "first", onError: () => {} }, (tasks) => tasks.map(record) as SettledResults<F>);
}

export function raceIn<const F extends Functions>(open: Opener, functions: F, options?: Discard<F>): Promise<Results<F>[number]> {
  return firstIn(open, functions, options?.discard, "race");
}

export function anyIn<const F extends Functions>(open: Opener, functions: F, options?: Discard<F>): Promise<Results<F>[number]> {
  return firstIn(open, functions, options?.discard, "any");
}

function spawnAll(functions: Functions, call: string): (group: TaskGroup) => Task<unknown>[] {
  return (group) => {
    const list = [...functions];
    list.forEach((fn, index) => requireFunction(fn, call, `item ${index}`));
    return list.map((fn) => group.spawn(fn));
  };
}

function record(task: Task<unknown>): PromiseSettledResult<unknown> {
  const outcome = task.outcome!;
  if (outcome.status === "succeeded") return { status: "fulfilled", value: outcome.value };
  return { status: "rejected", reason: outcome.status === "failed" ? outcome.error : outcome.reason };
}

/** Of the values of the functions, whose types are at the call. */
type Discarding = ((value: never) => unknown) | undefined;

/** The first value cancels the others. What fails before it is the result of a race, and is tolerated by `any`; what fails after it is thrown. */
function firstIn<V>(open: Opener, functions: Functions, discard: Discarding, name: "race" | "any"): Promise<V> {
  const tolerated: unknown[] = [];
  let tasks: Task<unknown>[] = [];
  let winner: Task<unknown> | undefined;
  let isOver = (): boolean => false;
  const tolerate = (error: unknown): void => {
    if (isOver()) throw error;
    tolerated.push(error);
  };
  return open(
    async (group) => {
      isOver = () => group.cancelled || tasks.some(hasValue);
      if (discard !== undefined) {
        requireFunction(discard, `${name}()`, "discard");
        group.defer(() => discardAll(discard, tasks, isSpoiled(group) ? undefined : winner));
      }
      tasks = spawnAll(functions, `${name}()`)(group);
      if (name === "race" && tasks.length === 0) throw empty("race()");
      winner = await firstValue(tasks);
      if (winner === undefined && !isSpoiled(group)) throw new TaskGroupError(tolerated);
      group.cancel();
    },
    { name, errors: "first", onError: name === "any" ? tolerate : undefined },
    () => valueOf(winner!) as V,
  );
}

const valueOf = ({ outcome }: Task<unknown>): unknown => (outcome as { value: unknown }).value;
const hasValue = ({ outcome }: Task<unknown>): boolean => outcome?.status === "succeeded";

/** The first task to succeed; `undefined` when all have ended and none did. */
function firstValue(tasks: readonly Task<unknown>[]): Promise<Task<unknown> | undefined> {
  return new Promise((resolve) => {
    let left = tasks.length;
    if (left === 0) resolve(undefined);
    for (const task of tasks) {
      void task.settled().then(() => {
        if (hasValue(task)) resolve(task);
        else if (--left === 0) resolve(undefined);
      });
    }
  });
}

/** Gives every value that is not returned to `discard`: all of them where that fails itself. */
async function discardAll(discard: (value: never) => unknown, tasks: readonly Task<unknown>[], kept: Task<unknown> | undefined): Promise<void> {
  const failures: unknown[] = [];
  const drop = async (task: Task<unknown>): Promise<void> => {
    try {
      if (task.outcome?.status === "succeeded") await discard(task.outcome.value as never);
    } catch (error) {
      failures.push(error);
    }
  };
  for (const task of tasks) if (task !== kept) await drop(task);
  if (failures.length === 0) return;
  if (kept !== undefined) await drop(kept);
  throw firstOf(failures);
}
