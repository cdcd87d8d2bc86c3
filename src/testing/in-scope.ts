/** A test body that gets a scope, and that says where it hung when its time is up. */
import { firstOf } from "../errors/suppressed.ts";
import { TimeoutError } from "../errors/timeout.ts";
import type { Clock } from "../ports/clock.ts";
import type { CancelScope, Scope } from "../task/capabilities.ts";
import { failAfter } from "../task/roots.ts";
import { requireFunction, requireMs } from "../task/face.ts";
import { type RunnerContext, told, tellGivenUp } from "./given-up.ts";
import { treeText } from "./tree-text.ts";
import { untilLater } from "./turns.ts";

/** How a test runs in a scope. */
export interface InScopeOptions {
  /** After so many real milliseconds the test is cancelled and fails; by default only the runner's own limit holds. */
  timeout?: number | undefined;
  /** The time that the test lives in; by default real time. */
  clock?: Clock | undefined;
}

/** How long what was cancelled may take to end before the test fails without it. */
const GRACE_MS = 1_000;

/**
 * Makes a test of a function that gets a scope, and what the runner hands to a test: `test("…", inScope(async (scope, context) => …))`,
 * for node:test, vitest and jest.
 *
 * The scope is cancelled when the runner gives up the test (the `signal` of its context: node:test, vitest from 3 on), or
 * after `timeout` ms of real time. Then the tree is shown, so that one sees who hung where: in the TimeoutError of
 * `timeout`, in the error of vitest's own limit, in a diagnostic of node:test. A body that does not end within a
 * second of its cancellation is left behind. What the body throws is what the test fails with.
 *
 * @example
 * ```ts
 * import { test } from "node:test";
 * import { sleep } from "espalier";
 * import { inScope, testClock } from "espalier/testing";
 *
 * test("a day passes", inScope((scope) => sleep(86_400_000, scope), { clock: testClock(), timeout: 5_000 }));
 * ```
 */
export function inScope<T, C = unknown>(
  body: (scope: Scope, context: C) => T | PromiseLike<T>,
  options: InScopeOptions = {},
): (context?: C) => Promise<T> {
  requireFunction(body, "inScope()", "the test's body");
  requireMs(options.timeout ?? Infinity, "inScope()'s timeout");
  // A rest parameter: of a test that takes an argument jest thinks that it calls back.
  return (...[given]) => {
    const context = given as (RunnerContext & C) | undefined;
    const name = context?.task?.name ?? context?.name ?? (body.name || "test");
    return new TestRun((scope) => body(scope, context as C), options, name, context).settled();
  };
}

class TestRun<T> {
  readonly #name: string;
  readonly #timeout: number;
  readonly #context: RunnerContext | undefined;
  readonly #call: Promise<T>;
  #scope!: CancelScope;
  #isGivenUp = false;
  #isOver = false;
  #giveUp!: (error: unknown) => void;
  readonly #givenUp = new Promise<never>((_, reject) => (this.#giveUp = reject));

  constructor(body: (scope: Scope) => T | PromiseLike<T>, options: InScopeOptions, name: string, context: RunnerContext | undefined) {
    this.#context = context;
    this.#name = name;
    this.#timeout = options.timeout ?? Infinity;
    this.#call = failAfter(
      Infinity,
      (scope) => {
        this.#scope = scope;
        return body(scope);
      },
      { clock: options.clock, name },
    );
  }

  async settled(): Promise<T> {
    const signal = this.#context?.signal;
    const onAbort = (): void => this.#aborted(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted === true) onAbort();
    // Set in any case: a test that hangs is to keep the process alive until the runner gives it up.
    const limit = untilLater(this.#timeout, true);
    void limit.over.then(() => this.#timedOut());
    const ended = this.#call.then(
      (value) => (this.#isGivenUp ? this.#givenUp : value),
      (error: unknown) => {
        if (this.#isGivenUp) return this.#givenUp;
        throw error;
      },
    );
    try {
      return await Promise.race([ended, this.#givenUp]);
    } finally {
      this.#isOver = true;
      limit.end();
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #timedOut(): void {
    if (this.#isOver || this.#isGivenUp || this.#timeout === Infinity) return;
    this.#isGivenUp = true;
    const shown = treeText();
    this.#scope.cancel(`the test did not finish within ${this.#timeout} ms`);
    const error = new TimeoutError(this.#name, this.#timeout, this.#scope.reason!);
    void this.#end(error, `${error.message}. ${told(shown)}`);
  }

  /** The runner has given up, and reports an error of its own: what we know has to get there now. */
  #aborted(reason: unknown): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    const text = tellGivenUp(this.#context, reason);
    this.#scope.cancel(reason);
    const error = new Error("", { cause: reason });
    void this.#end(error, `The test runner gave up the test "${this.#name}". ${text}`);
  }

  /** Fails the test with `error` when the body has ended, or has had its time to. */
  async #end(error: Error, message: string): Promise<void> {
    const grace = untilLater(GRACE_MS, true);
    const failure = await Promise.race([
      this.#call.then(
        () => [],
        (thrown: unknown) => (thrown === this.#scope.reason ? [] : [thrown]),
      ),
      grace.over,
    ]);
    grace.end();
    error.message = failure === undefined ? `${message}\n\n${left(GRACE_MS)}` : message;
    this.#giveUp(failure === undefined ? error : firstOf([error, ...failure]));
  }
}

function left(ms: number): string {
  return (
    `It still had not ended ${ms} ms after its cancellation:\n\n${treeText().replace(/^/gm, "  ")}\n\n` +
    `What awaits something outside of the library does not hear of a cancellation. Give it the scope's signal, ` +
    `fetch(url, scope), or end at least the waiting: scope.wait(promise).`
  );
}
