import { type RunnerContext, tellGivenUp } from "./given-up.ts";
import { treeText } from "./tree-text.ts";

/** How node:test gives a test up; it aborts the signals of all others too, when they are over. */
const GIVEN_UP = ["testTimeoutFailure", "cancelledByParent", "testAborted"];

/**
 * Shows what runs when the runner gives a test up that hangs: the tree of all scopes and tasks, each with what it waits for. For all tests of a file,
 * `beforeEach(dumpOnTimeout)`; for those of a whole run, in a module that the runner loads first.
 *
 * node:test shows it as a diagnostic of the test, vitest (from 3 on) in the error of the test; where the runner's context has no signal (jest), nothing is shown.
 * A test that passes or fails by itself shows nothing, nor does one in which nothing of espalier runs. Cancels nothing: for that see {@link inScope}.
 *
 * @example
 * ```ts
 * import { beforeEach } from "node:test";
 * import { dumpOnTimeout } from "espalier/testing";
 *
 * beforeEach(dumpOnTimeout); // in a file of its own: node --test --import ./dump-on-timeout.js
 * ```
 */
export function dumpOnTimeout(context: object): void {
  const { signal } = context as RunnerContext;
  const onAbort = (): void => {
    if (isGivenUp(context) && treeText() !== "") tellGivenUp(context, signal?.reason);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
}

function isGivenUp(context: RunnerContext): boolean {
  const { error } = context;
  if (!("passed" in context)) return true;
  return typeof error === "object" && error !== null && "failureType" in error && GIVEN_UP.includes(String(error.failureType));
}
