/** `inScope` by itself; in the hands of real runners it is in tests/runners/. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type Scope, sleep, sleepForever, suppressed, TimeoutError } from "espalier";
import { external, inScope, testClock } from "espalier/testing";
import { gate, isA, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("inScope()", () => {
  scenario("inScope() gives the body a scope and the runner's context, and what it returns", async () => {
    const context = { name: "a test" };
    const run = inScope(async (scope: Scope, given: typeof context) => `${scope.name}: ${given === context}`);
    assert.equal(await run(context), "a test: true");
  });

  scenario("inScope() makes a function without parameters, of which jest thinks no callback", () => {
    assert.equal(inScope(() => {}).length, 0);
  });

  scenario("inScope() without a context takes its name from the body", async () => {
    assert.equal(await inScope(function probe(scope) { return scope.name; })(), "probe");
  });

  scenario("inScope() throws the very error of the body, synchronous or not", async () => {
    const error = new Error("assertion");
    assert.equal(await thrownBy(inScope(() => { throw error; })()), error);
    assert.equal(await thrownBy(inScope(() => Promise.reject(error))()), error);
  });

  scenario("inScope() lets the body live in the time of its clock", async () => {
    const clock = testClock();
    await inScope((scope) => sleep(1_000, scope), { clock })();
    assert.equal(clock.now(), 1_000);
  });

  scenario("inScope() runs anew at each call", async () => {
    let runs = 0;
    const run = inScope(() => ++runs);
    assert.deepEqual([await run(), await run()], [1, 2]);
  });

  scenario("inScope() cancels the body when the runner's signal aborts, and tells the tree to the runner first", async ({ outside }) => {
    const { signal, abort } = outside();
    const told: string[] = [];
    const context = { name: "hung", signal, diagnostic: (text: string) => told.push(text) };
    let reason: unknown;
    const call = inScope(async (scope: Scope) => {
      await sleepForever(scope).catch((error: unknown) => void (reason = error));
    })(context);
    abort("given up");
    const error = isA(await thrownBy(call), Error);
    isA(reason, CancelledError);
    assert.equal(error.cause, "given up");
    assert.match(error.message, /^The test runner gave up the test "hung"\. What ran then:\n\n {2}failAfter "hung": sleep/);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /failAfter "hung": sleep/);
  });

  scenario("inScope() adds the tree to the error with which the runner gives up, where it has no diagnostics", async ({ outside }) => {
    const { signal, abort } = outside();
    const reason = new Error("Test timed out");
    const call = inScope(sleepForever)({ signal });
    abort(reason);
    await thrownBy(call);
    assert.match(reason.message, /^Test timed out\n\nWhat ran then:\n\n {2}failAfter "sleepForever": sleep/);
  });

  scenario("inScope() with a signal that had aborted cancels at the first wait", async ({ outside }) => {
    const { signal, abort } = outside();
    abort();
    const steps: string[] = [];
    const call = inScope(async (scope: Scope) => {
      steps.push("called");
      await scope.checkpoint();
      steps.push("went on");
    })({ signal, diagnostic() {} });
    await thrownBy(call);
    assert.deepEqual(steps, ["called"]);
  });

  scenario("inScope() fails with a TimeoutError after its own time, also when the body swallows the cancellation", async () => {
    const error = isA(await thrownBy(inScope((scope) => sleepForever(scope).catch(() => "swallowed"), { timeout: 5 })()), TimeoutError);
    assert.equal(error.ms, 5);
    assert.match(error.message, /did not finish within 5 ms\. What ran then:\n\n {2}failAfter "test": sleep$/);
  });

  scenario("inScope() keeps what failed in the cleanup beside the TimeoutError", async () => {
    const failure = new Error("cleanup");
    const hung = async (scope: Scope): Promise<void> => {
      await sleepForever(scope).catch(() => {});
      throw failure;
    };
    const error = isA(await thrownBy(inScope(hung, { timeout: 5 })()), TimeoutError);
    assert.deepEqual(suppressed(error), [failure]);
  });

  scenario("inScope() tells which registered work was outstanding", async () => {
    const { promise, open } = gate();
    const error = isA(await thrownBy(inScope((scope) => scope.wait(external(promise, "upload")), { timeout: 5 })()), TimeoutError);
    assert.match(error.message, /external\(\) work that was outstanding: upload$/);
    open();
  });

  scenario("inScope() leaves a body behind that does not hear of its cancellation, and says so", async () => {
    const { promise, open } = gate();
    const deaf = inScope(() => promise, { timeout: 5 })();
    const error = isA(await thrownBy(deaf), TimeoutError);
    assert.match(error.message, /still had not ended 1000 ms after its cancellation.*scope\.wait\(promise\)/s);
    open();
  });

  for (const timeout of [Number.NaN, "5"]) {
    scenario(`inScope() with the timeout ${timeout} throws a RangeError`, () => {
      assert.throws(() => inScope(() => {}, { timeout: timeout as number }), RangeError);
    });
  }

  scenario("inScope() of no function throws a TypeError", () => {
    assert.throws(() => inScope(Promise.resolve() as never), /Pass the function itself/);
  });
});
