/** Code of the program is run to its end, which is written down before the program goes on. */
import type { Result } from "./trace.ts";

/** Runs `work`, synchronous or not, and hands over how it ended. */
export function attempt(work: () => unknown, ended: (result: Result) => unknown): unknown {
  let value: unknown;
  try {
    value = work();
  } catch (error) {
    return ended({ ok: false, error });
  }
  if (!(value instanceof Promise)) return ended({ ok: true, value });
  return value.then(
    (later: unknown) => ended({ ok: true, value: later }),
    (error: unknown) => ended({ ok: false, error }),
  );
}

/** Goes on with a result as the function that had it would have. */
export function resume(result: Result): unknown {
  if (result.ok) return result.value;
  throw result.error;
}
