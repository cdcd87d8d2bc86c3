import { describe, hasBrand, stamp } from "./brand.ts";

/**
 * What a task group throws: always, also for a single failure, because its shape must not depend on timing.
 * `errors` holds the very objects that were thrown, in the order of failure, the body's own last; the error
 * of a nested group stays nested.
 *
 * @example
 * ```ts
 * import { leaves, TaskGroupError, taskGroup } from "espalier";
 *
 * try {
 *   await taskGroup((group) => {
 *     group.spawn(() => Promise.reject(new RangeError("no such page")));
 *   });
 * } catch (error) {
 *   if (error instanceof TaskGroupError) console.log(leaves(error).map(String)); // ["RangeError: no such page"]
 * }
 * ```
 */
export class TaskGroupError extends AggregateError {
  constructor(errors: Iterable<unknown>, message?: string, options?: ErrorOptions) {
    const list = [...errors];
    super(list, message ?? sentence(list), options);
  }
}
stamp(TaskGroupError, "TaskGroupError", "group");

function sentence(errors: unknown[]): string {
  if (errors.length === 0) return "there was nothing that could fail or succeed";
  const shown = errors.slice(0, 3).map(describe).join("; ");
  return `${errors.length} ${errors.length === 1 ? "failure" : "failures"}: ${shown}${errors.length > 3 ? "; …" : ""}`;
}

/** True for a TaskGroupError of any copy of the package. */
export function isGroupError(error: unknown): error is TaskGroupError {
  return hasBrand(error, "group");
}
