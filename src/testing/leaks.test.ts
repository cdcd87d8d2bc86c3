import assert from "node:assert/strict";
import { describe } from "node:test";
import { setTimeout as timer } from "node:timers/promises";
import { CancelledError, sleepForever, taskGroup, type TaskGroup } from "espalier";
import { AssertionError, assertNoLeaks, external } from "espalier/testing";
import { gate, isA, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** A group that stays open until it is told to end. */
async function leaked(name: string, signal?: AbortSignal): Promise<() => Promise<unknown>> {
  let group!: TaskGroup;
  const call = taskGroup(
    (own) => {
      group = own;
      own.spawn(sleepForever, { name: "consumer" });
      own.spawn(sleepForever, { name: "consumer" });
    },
    { name, signal },
  );
  await Promise.resolve();
  return async () => {
    group.cancel();
    await call.catch((error: unknown) => isA(error, CancelledError));
  };
}

describe("assertNoLeaks()", () => {
  scenario("assertNoLeaks() after a clean test passes, and gives what a body gives", async () => {
    await assertNoLeaks();
    assert.equal(await assertNoLeaks(() => taskGroup(() => 42)), 42);
  });

  scenario("assertNoLeaks() throws the body's own error", async () => {
    const error = new Error("assertion");
    assert.equal(await thrownBy(assertNoLeaks(() => Promise.reject(error))), error);
  });

  scenario("assertNoLeaks() names scopes, tasks and waits that are left, and shows the tree", async () => {
    const end = await leaked("server");
    const { message } = isA(await thrownBy(assertNoLeaks()), AssertionError);
    assert.match(message, /^The test has left behind: taskGroup "server", 2 × task "consumer", 2 × "sleep" that waits in "consumer"\./);
    assert.match(message, /taskGroup "server": waits for its tasks\n {4}2 × consumer: sleep/);
    await end();
  });

  scenario("assertNoLeaks() names listeners of ours on signals from outside", async ({ outside }) => {
    const end = await leaked("server", outside().signal);
    const { message } = isA(await thrownBy(assertNoLeaks()), AssertionError);
    assert.match(message, /a listener of "server" on a signal from outside/);
    await end();
  });

  scenario("assertNoLeaks() around a body compares with what was alive before", async () => {
    const end = await leaked("of all tests");
    await assertNoLeaks(() => taskGroup(() => {}));
    let endInner!: () => Promise<unknown>;
    const { message } = isA(await thrownBy(assertNoLeaks(async () => (endInner = await leaked("inner")))), AssertionError);
    assert.match(message, /left behind: taskGroup "inner", 2 × task/);
    await endInner();
    await end();
  });

  scenario("assertNoLeaks() around a body finds native timers", async () => {
    let left!: NodeJS.Timeout;
    const { message } = isA(await thrownBy(assertNoLeaks(() => void (left = setTimeout(() => {}, 60_000)))), AssertionError);
    assert.match(message, /1 native timer/);
    clearTimeout(left);
  });

  scenario("assertNoLeaks() waits for what is about to end", async () => {
    await assertNoLeaks(() => {
      void timer(10);
      void taskGroup((group) => group.checkpoint());
    });
  });

  scenario("assertNoLeaks() names registered work that goes on", async () => {
    const { promise, open } = gate();
    const work = external(promise, "upload");
    assert.match(isA(await thrownBy(assertNoLeaks()), AssertionError).message, /external work "upload"/);
    open();
    await work;
  });

  scenario("assertNoLeaks() as a hook itself gets the runner's argument, and says how to write it", async () => {
    assert.match(isA(await thrownBy(assertNoLeaks({} as never)), TypeError).message, /afterEach\(\(\) => assertNoLeaks\(\)\)/);
  });
});
