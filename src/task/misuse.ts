/** The MisuseErrors of scopes and tasks, in one voice: what was done, what was seen, why, the way out. */
import { MisuseError } from "../errors/misuse.ts";
import type { ScopeNode } from "../scope/node.ts";

export function scopeEnded(node: ScopeNode, action: string): MisuseError {
  return new MisuseError(
    "SCOPE_ENDED",
    `${action} was called on the ${node.kind} "${node.name}", which has ended. Typically its scope was kept in a variable ` +
      `and used after the function that got it had returned, or an await was forgotten. Use the scope that is handed to ` +
      `the code that runs now; work that must go on longer belongs to a group further out.`,
  );
}

export function unawaited(node: ScopeNode, forgotten: readonly ScopeNode[]): MisuseError {
  const names = forgotten.map((child) => `${child.kind} "${child.name}"`).join(", ");
  return new MisuseError(
    "UNAWAITED",
    `The ${node.kind} "${node.name}" ended while ${names}, opened in it, was still running; it was cancelled and waited for. ` +
      `Typically the await in front of the call that opened it was forgotten, or a task opened it with the scope of its ` +
      `group instead of its own. Await the call; for work beside the function use group.spawn().`,
  );
}

export function alreadyStarted(name: string): MisuseError {
  return new MisuseError(
    "ALREADY_STARTED",
    `started() was called twice by the task "${name}". Its caller got the value of the first call and cannot get another. ` +
      `Call it once, when the task is ready; later values belong into a channel or a variable.`,
  );
}

export function notStarted(name: string): MisuseError {
  return new MisuseError(
    "NOT_STARTED",
    `The task "${name}", started by group.start(), returned without calling started(), so nobody would ever learn that it was ` +
      `ready. Call started() when it is, throw if it cannot become ready, or use group.spawn() where readiness does not matter.`,
  );
}

export function selfJoin(name: string): MisuseError {
  return new MisuseError(
    "SELF_JOIN",
    `The task "${name}" was joined with a scope that lies in that same task: it would wait for itself for ever. ` +
      `Join it from its group's body or from another task.`,
  );
}

export function empty(call: string): MisuseError {
  return new MisuseError("EMPTY", `${call} got no functions, so nothing could ever settle first. Check the list before the call, or use any() or all().`);
}

export function clockMismatch(name: string): MisuseError {
  return new MisuseError(
    "CLOCK_MISMATCH",
    `"${name}" was opened as the child of a scope with a clock other than its parent's. A tree lives in one time, or its ` +
      `deadlines could not be compared. Give the clock to the root only.`,
  );
}
