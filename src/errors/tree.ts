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
  const top = new Split(undefined, [error], undefined);
  /** The branches that are being split: a tree that somebody tied into a loop ends where it began. */
  const around = new Set<unknown>();
  // Without recursion: trees can be thousands deep (G20).
  for (let at = top; ; ) {
    if (at.next < at.inner.length) {
      const one = at.inner[at.next++];
      const inner = around.has(one) ? undefined : branches(one);
      if (inner === undefined) (predicate(one) ? at.matched : at.rest).push(one);
      else at = new Split(one, inner, around.add(one) && at);
    } else if (at.above === undefined) {
      return [top.matched[0], top.rest[0]];
    } else {
      around.delete(at.branch);
      at = at.merge(at.above);
    }
  }
}

/** A branch that is being split. */
class Split {
  readonly branch: unknown;
  readonly inner: readonly unknown[];
  readonly above: Split | undefined;
  readonly matched: unknown[] = [];
  readonly rest: unknown[] = [];
  next = 0;
  /** Nothing below it had to be divided. */
  isIntact = true;

  constructor(branch: unknown, inner: readonly unknown[], above: Split | undefined) {
    this.branch = branch;
    this.inner = inner;
    this.above = above;
  }

  /** Gives the two parts to the branch above, each whole where it can be. */
  merge(above: Split): Split {
    const { branch, matched, rest, isIntact } = this;
    if (isIntact && matched.length === 0) above.rest.push(branch);
    else if (isIntact && rest.length === 0) above.matched.push(branch);
    else {
      above.isIntact = false;
      if (matched.length > 0) above.matched.push(derive(branch, matched));
      if (rest.length > 0) above.rest.push(derive(branch, rest));
    }
    return above;
  }
}

/** A tree like `error` with only `errors` in it. */
function derive(error: unknown, errors: unknown[]): unknown {
  if (!isGroupError(error) && errors.length === 1) return errors[0];
  const { message, cause } = error as Error;
  return new TaskGroupError(errors, isGroupError(error) ? undefined : message, cause === undefined ? undefined : { cause });
}
