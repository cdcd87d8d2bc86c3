/** What the functions of this folder refuse, said as the core says it: which call, what it needs, what it got. */

/** A TypeError, unless `value` is a function. */
export function needFunction(value: unknown, call: string, what: string): void {
  if (typeof value === "function") return;
  const isPromise = typeof (value as PromiseLike<unknown> | undefined | null)?.then === "function";
  const hint = isPromise ? " It is a promise: what it stands for runs already. Pass the function itself, without calling it." : "";
  throw new TypeError(`${call} needs a function as ${what}, and got ${isPromise ? "a promise" : seen(value)}.${hint}`);
}

/** A RangeError, unless `ms` is a number of milliseconds from 0 up; Infinity is one. */
export function needMs(ms: unknown, call: string, what: string): void {
  if (typeof ms === "number" && ms >= 0) return;
  throw new RangeError(`${call} needs a number of milliseconds from 0 up as ${what}, and got ${String(ms)}.`);
}

/** A RangeError, unless `count` is a whole number from 1 up. */
export function needCount(count: unknown, call: string, what: string): void {
  if (Number.isInteger(count) && (count as number) > 0) return;
  throw new RangeError(`${call} needs a whole number from 1 up as ${what}, and got ${String(count)}.`);
}

/** A TypeError, unless `scope` is one to wait in and to open children in. */
export function needScope(scope: unknown, call: string): void {
  if (typeof (scope as { group?: unknown } | undefined | null)?.group === "function") return;
  throw new TypeError(
    `${call} waits, so it needs a scope as its last argument, and got ${scope === undefined ? "nothing" : seen(scope)}. ` +
      `Pass on the scope that your function was handed.`,
  );
}

/** A TypeError, unless `group` is one to start tasks in. */
export function needGroup(group: unknown, call: string): void {
  if (typeof (group as { spawn?: unknown } | undefined | null)?.spawn === "function") return;
  throw new TypeError(
    `${call} starts a task, so it needs the task group that has it, and got ${group === undefined ? "nothing" : seen(group)}. ` +
      `Open one with scope.group(), or await run(), which starts nothing that stays.`,
  );
}

/** A TypeError, unless `scope` is one to wait in, or anything else with a signal. */
export function needSignal(scope: unknown, call: string): void {
  if (typeof (scope as { signal?: Partial<AbortSignal> } | undefined | null)?.signal?.addEventListener === "function") return;
  throw new TypeError(
    `${call} waits, so it needs a scope as its last argument, or anything with a signal, and got ${scope === undefined ? "nothing" : seen(scope)}. ` +
      `Pass on the scope that your function was handed.`,
  );
}

export function seen(value: unknown): string {
  return value === null ? "null" : typeof value === "object" ? "an object" : typeof value;
}
