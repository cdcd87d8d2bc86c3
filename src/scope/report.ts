/** Errors that belong to no caller: what an `onCancel` handler or a probe throws. */

/**
 * Reports `error` exactly as the platform reports the error of an event listener (Node: uncaughtException;
 * browsers: the error event), by throwing it in one.
 */
export function report(error: unknown): void {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => {
    throw error;
  });
  controller.abort();
}

/**
 * Reports the rejection of what a listener gave, if it rejects (Node: uncaughtException; browsers: the
 * unhandledrejection event), by giving it in one.
 */
function reportLater(result: PromiseLike<unknown>): void {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => Promise.resolve(result));
  controller.abort();
}

/** Calls `fn`, whose failure must not reach the caller: it, or its promise's rejection, is reported. */
export function guarded<A>(fn: (argument: A) => unknown, argument: A): void {
  try {
    const result = fn(argument);
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === "function") {
      reportLater(result as PromiseLike<unknown>);
    }
  } catch (error) {
    report(error);
  }
}
