/**
 * Working with trees of errors: TaskGroupErrors and the language's SuppressedErrors. An AggregateError that
 * a user made is a leaf: it is that user's value, not our structure.
 */
import { isGroupError, TaskGroupError } from "./group.ts";

type Suppressing = Error & { error: unknown; suppressed: unknown };

/** A SuppressedError, also on runtimes that lack the class (a compiler's helper makes one by name). */
export function isSuppressedError(error: unknown): error is Suppressing {
  return error instanceof Error && error.name === "SuppressedError" && "error" in error && "suppressed" in error;
}

/** A SuppressedError of these two, with message and cause of `like`. */
export function suppressedError(error: unknown, suppressed: unknown, like: Error): Error {
  const { message, cause } = like;
  const made = typeof SuppressedError === "function" ? new SuppressedError(error, suppressed, message) : new Error(message);
  return Object.assign(made, { name: "SuppressedError", error, suppressed }, "cause" in like ? { cause } : undefined);
}

function branches(error: unknown): readonly unknown[] | undefined {
  if (isGroupError(error)) return Array.isArray(error.errors) ? error.errors : undefined;
  // The suppressed one came first: it left the block, and the disposer's followed.
  if (isSuppressedError(error)) return [error.suppressed, error.error];
  return undefined;
}

/**
 * The failures themselves, in order, however deep the groups are nested.
 *
 * @example
 * ```ts
 * import { leaves, TaskGroupError } from "espalier";
 *
 * console.log(leaves(new TaskGroupError([1, new TaskGroupError([2, 3])]))); // [1, 2, 3]
 * ```
 */
export function leaves(error: unknown): unknown[] {
  const found: unknown[] = [];
  const open = [error];
  const entered = new Set<unknown>();
  while (open.length > 0) {
    const at = open.pop();
    const inner = branches(at);
    if (inner === undefined) found.push(at);
    // A tree that somebody tied into a loop is entered once.
    else if (!entered.has(at) && entered.add(at)) for (let i = inner.length - 1; i >= 0; i--) open.push(inner[i]);
  }
  return found;
}

/**
 * Splits a tree of failures in two: `[matched, rest]`, each with the structure kept, `undefined` where it is
 * empty. The predicate sees the leaves. A tree that falls wholly on one side stays the very object it was.
 *
 * @example
 * ```ts
 * import { splitErrors, TaskGroupError } from "espalier";
 *
 * const [types, rest] = splitErrors(new TaskGroupError([new TypeError("a"), new RangeError("b")]), (e) => e instanceof TypeError);
 * console.log(types instanceof TaskGroupError, rest instanceof TaskGroupError); // true true
 * ```
 */
export function splitErrors(error: unknown, predicate: (leaf: unknown) => boolean): [matched: unknown, rest: unknown] {
  return split(error, predicate, new Set());
}

function split(error: unknown, predicate: (leaf: unknown) => boolean, around: Set<unknown>): [matched: unknown, rest: unknown] {
  // A tree that somebody tied into a loop ends where it began.
  const inner = around.has(error) ? undefined : branches(error);
  if (inner === undefined) return predicate(error) ? [error, undefined] : [undefined, error];
  around.add(error);
  const matched: unknown[] = [];
  const rest: unknown[] = [];
  let intact = true;
  for (const one of inner) {
    // A failure may be the value `undefined`: count leaves by what the predicate said, not by value.
    if (branches(one) === undefined) {
      (predicate(one) ? matched : rest).push(one);
      continue;
    }
    const [yes, no] = split(one, predicate, around);
    if (yes !== undefined) matched.push(yes);
    if (no !== undefined) rest.push(no);
    intact &&= yes === undefined || no === undefined;
  }
  around.delete(error);
  if (intact && rest.length === 0) return [error, undefined];
  if (intact && matched.length === 0) return [undefined, error];
  return [derive(error, matched), derive(error, rest)];
}

/** A tree like `error` with only `errors` in it. */
function derive(error: unknown, errors: unknown[]): unknown {
  if (errors.length === 0) return undefined;
  if (!isGroupError(error) && errors.length === 1) return errors[0];
  const { message, cause } = error as Error;
  return new TaskGroupError(errors, isGroupError(error) ? undefined : message, cause === undefined ? undefined : { cause });
}
