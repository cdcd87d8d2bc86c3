import { TaskGroupError } from "./group.ts";
import { splitErrors } from "./tree.ts";

/**
 * What `except*` is to Python: each `[Class, handler]` gets, once, a TaskGroupError of the failures that are
 * instances of its class and that no handler before it took; handlers are awaited in order. What none
 * matched is thrown again with its structure; the failure of a handler is thrown beside it.
 *
 * @example
 * ```ts
 * import { catchErrors, TaskGroupError } from "espalier";
 *
 * const error = new TaskGroupError([new TypeError("a"), new TypeError("b")]);
 * await catchErrors(error, [TypeError, (group) => console.log(group.errors.length)]); // 2
 * ```
 */
export async function catchErrors(error: unknown, ...clauses: [Class: abstract new (...args: never[]) => unknown, handler: (group: TaskGroupError) => unknown][]): Promise<void> {
  let rest: unknown = error;
  let left = true;
  const failures: unknown[] = [];
  for (const [Class, handler] of clauses) {
    if (!left) break;
    let hits = 0;
    let misses = 0;
    const [matched, others] = splitErrors(rest, (leaf) => {
      const hit = leaf instanceof Class;
      if (hit) hits++;
      else misses++;
      return hit;
    });
    if (hits === 0) continue;
    rest = others;
    left = misses > 0;
    try {
      await handler(matched instanceof TaskGroupError ? matched : new TaskGroupError([matched]));
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw new TaskGroupError(left ? [...failures, rest] : failures);
  if (left) throw rest;
}
