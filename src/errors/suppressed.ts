import { TaskGroupError } from "./group.ts";

const SUPPRESSED: unique symbol = Symbol.for("espalier.suppressed") as never;

/**
 * What else failed when `error` was thrown as the first of several failures: by `all`, `race`, `any`, `map`,
 * a group with `errors: "first"`, or a scope whose cleanup failed too. Empty when nothing did, and for
 * primitives, which can carry nothing.
 *
 * @example
 * ```ts
 * import { all, suppressed } from "espalier";
 *
 * try {
 *   await all([() => Promise.reject(new Error("first")), () => Promise.reject(new Error("second"))]);
 * } catch (error) {
 *   console.log(suppressed(error).map(String)); // ["Error: second"]
 * }
 * ```
 */
export function suppressed(error: unknown): readonly unknown[] {
  return ((error as { [SUPPRESSED]?: readonly unknown[] } | null | undefined)?.[SUPPRESSED]) ?? [];
}

/**
 * One throwable for all of `failures` (at least one): the first of them, which carries the others, or a
 * TaskGroupError of all where the first can carry nothing.
 */
export function firstOf(failures: readonly unknown[]): unknown {
  const [first, ...others] = distinct(failures);
  if (others.length === 0) return first;
  if (!canCarry(first)) return new TaskGroupError([first, ...others]);
  const known = suppressed(first);
  Reflect.defineProperty(first, SUPPRESSED, { value: distinct([...known, ...others]), configurable: true });
  return first;
}

function canCarry(value: unknown): value is object {
  try {
    return typeof value === "object" && value !== null && Object.isExtensible(value);
  } catch {
    return false;
  }
}

/** The same object thrown twice counts once. Equal primitives have no identity: each is a failure of its own. */
export function distinct(failures: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>();
  return failures.filter((failure) => {
    if (Object(failure) !== failure) return true;
    return !seen.has(failure) && seen.add(failure);
  });
}
