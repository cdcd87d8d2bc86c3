/**
 * The two ways of seeing when a cancellation reaches a scope and when a task is over.
 *
 * A probe touches nothing, so it sees the library as it is with nobody looking. Handlers use what every program
 * may use (`onCancel`, `settled()`), and so disturb what they watch. Programs choose one by their seed: what
 * holds must hold under both.
 */
import type { CancelledError, Scope, Task } from "espalier";
import { attachProbe, type Observed } from "espalier/lowlevel";
import type { Name, Program } from "./program.ts";
import type { Trace } from "./trace.ts";

export interface Watch {
  scope(name: Name, scope: Scope): void;
  /** One that is called like others: the functions of a `map`. */
  nameless(name: Name, scope: Scope): void;
  task(name: Name, task: Task<unknown>): void;
  stop(): void;
}

export function watch(how: Program["watch"], trace: Trace): Watch {
  return how === "probe" ? watchByProbe(trace) : watchByHandlers(trace);
}

function watchByHandlers(trace: Trace): Watch {
  return {
    scope: listener(trace),
    nameless: () => {},
    task: (name, task) => void task.settled().then(() => trace.add({ is: "ended", task: name })),
    stop: () => {},
  };
}

function listener(trace: Trace): Watch["scope"] {
  return (name, scope) => void scope.onCancel((cause) => trace.add({ is: "felt", scope: name, cause }));
}

function watchByProbe(trace: Trace): Watch {
  const felt = (scope: Observed): void => {
    // A signal from outside is a scope to the tree, and called like its root.
    if (scope.kind !== "signal") trace.add({ is: "felt", scope: scope.name, cause: scope.cause as CancelledError });
  };
  const probe = attachProbe({
    opened: (scope) => {
      if (scope.cause !== undefined) felt(scope);
    },
    cancelled: felt,
    ended: (scope) => {
      if (scope.kind === "task") trace.add({ is: "ended", task: scope.name });
    },
  });
  return { scope: () => {}, nameless: listener(trace), task: () => {}, stop: () => probe[Symbol.dispose]() };
}
