/** Errors that nobody hears of. */
import { describe } from "../errors/brand.ts";
import { suppressed } from "../errors/suppressed.ts";
import type { Observed } from "../lowlevel.ts";
import { Group } from "../task/group.ts";
import { TaskNode } from "../task/task-node.ts";
import { found } from "./found.ts";
import { unlessHeard } from "./unheard.ts";

/** A promise that a scope had waited for, and left, rejects. */
export function tellDropped(scope: Observed, error: unknown): void {
  found(scope, {
    kind: "lost-error",
    what: `A promise that "${scope.name}" waited for until it was cancelled has failed since, and nobody hears of it: ${describe(error)}.`,
    advice: "Hand the scope's signal to what makes the promise, so that it ends with the scope; or handle its failure where it is made.",
    error,
  });
}

/** A task has failed: in a group that isolates its tasks, whose `onError` cannot see the error, somebody has to ask the task. */
export function noteIsolated(scope: Observed, error: unknown): void {
  if (!(scope instanceof TaskNode) || !(scope.keeper instanceof Group)) return;
  const group = scope.keeper;
  if (group.onError === undefined || !isDeaf(group.onError) || (scope.rare?.joiners?.size ?? 0) > 0) return;
  const heard = unlessHeard(() => {
    // Who is cancelled gives up what it would have asked.
    if (group.cause !== undefined) return;
    found(scope, {
      kind: "lost-error",
      what: `"${scope.name}" failed in "${group.name}", whose onError takes no error, and nobody has joined it: ${describe(error)}.`,
      advice: "Take the error in onError and log it, or ask the task: task.settled(), task.outcome.",
      error,
    });
  });
  // The group looks at it first, in this turn.
  void Promise.resolve().then(() => whenRead(scope, "outcome", scope.outcome, heard));
}

/** Several things failed: the first is thrown, the others are with it. */
export function noteCarried(scope: Observed, error: unknown): void {
  const others = suppressed(error);
  if (others.length === 0) return;
  const heard = unlessHeard(() => {
    found(scope, {
      kind: "lost-error",
      what: `"${scope.name}" threw one of ${others.length + 1} failures, and nobody has asked for ${others.length === 1 ? "the other" : "the others"}: ${others.map(describe).join(", ")}.`,
      advice: 'Log suppressed(error) with each error; a group without errors: "first" throws all of them in a TaskGroupError.',
      error: others[0],
    });
  });
  whenRead(error as object, Symbol.for("espalier.suppressed"), others, heard);
}

/** Calls `read` when somebody looks at that property. */
function whenRead(object: object, key: PropertyKey, value: unknown, read: () => void): void {
  Object.defineProperty(object, key, {
    get() {
      read();
      return value;
    },
    configurable: true,
    enumerable: Object.prototype.propertyIsEnumerable.call(object, key),
  });
}

/** Whether a function cannot see its arguments, by its text: it declares none, and does not look for any. */
function isDeaf(fn: (...args: never) => unknown): boolean {
  if (fn.length > 0) return false;
  const text = Function.prototype.toString.call(fn);
  return /^(?:async\s*)?(?:function\b)?\s*[\w$]*\s*\(\s*\)/.test(text) && !/\barguments\b|\[native code\]/.test(text);
}
