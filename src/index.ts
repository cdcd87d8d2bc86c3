/** The names of the core, and nothing else. */
import "#debug";
import "#diagnostics";

export { CancelledError, type CancelSource, isCancelled } from "./errors/cancelled.ts";
export { catchErrors } from "./errors/catch.ts";
export { TaskGroupError } from "./errors/group.ts";
export { type MisuseCode, MisuseError } from "./errors/misuse.ts";
export { suppressed } from "./errors/suppressed.ts";
export { TimeoutError } from "./errors/timeout.ts";
export { leaves, splitErrors } from "./errors/tree.ts";
export type { Clock, Timer } from "./ports/clock.ts";
export type {
  Cancellable,
  CancelScope,
  Discard,
  GroupOptions,
  Outcome,
  Results,
  RootOptions,
  Scope,
  ScopeOptions,
  SettledResults,
  SpawnOptions,
  StartedTask,
  Task,
  TaskFunction,
  TaskGroup,
} from "./task/capabilities.ts";
export { type OpenTaskGroup, openTaskGroup } from "./task/open-group.ts";
export { all, allSettled, any, failAfter, map, moveOnAfter, race, taskGroup } from "./task/roots.ts";
export { run, type RunOptions } from "./task/run.ts";
export { sleep, sleepForever, sleepUntil } from "./task/sleep.ts";
