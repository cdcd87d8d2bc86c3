/** `singleFlight` in depth: who shares a run, whose it is, and when it ends. */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, test } from "node:test";
import { type Cancellable, failAfter, moveOnAfter, type Scope, sleep, sleepForever, taskGroup, TimeoutError } from "espalier";
import { singleFlight } from "espalier/flow";
import { explore } from "espalier/testing";
import { ending, isA, quiet, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** Takes `ms`, writes down what happens to it. */
function loader(ms: number, steps: string[] = []) {
  let runs = 0;
  return singleFlight(async (key: string, scope: Scope) => {
    const run = `${key}${++runs}`;
    steps.push(`${run} begins`);
    try {
      await sleep(ms, scope);
      steps.push(`${run} ends`);
      return run;
    } catch (error) {
      steps.push(`${run} cancelled`);
      await scope.shield((own) => sleep(10, own));
      steps.push(`${run} cleaned`);
      throw error;
    }
  });
}

describe("singleFlight()", () => {
  scenario("gives one value, or one error, to all who asked, and keeps nothing", async ({ clock }) => {
    const E = new Error("E");
    let runs = 0;
    const load = singleFlight(async (key: string, scope: Scope) => {
      await sleep(10, scope);
      if (key === "bad") throw E;
      return { run: ++runs };
    });
    await taskGroup(async (group) => {
      const [one, two] = await group.all([(scope) => load("a", scope), (scope) => load("a", scope)]);
      assert.equal(one, two);
      assert.notEqual(await load("a", group), one);
      const ends = await Promise.all([ending(load("bad", group)), ending(load("bad", group))]);
      assert.ok(ends.every((end) => "error" in end && end.error === E));
      assert.deepEqual(load.statistics(), { running: 0, waiting: 0 });
    }, { clock });
  });
  scenario("gives a caller that is late what is under way, and counts who waits", async ({ clock }) => {
    const load = loader(100);
    await taskGroup(async (group) => {
      const first = group.spawn((scope) => load("a", scope));
      await sleep(50, group);
      const second = group.spawn((scope) => load("a", scope));
      group.spawn((scope) => load("b", scope));
      assert.deepEqual(load.statistics(), { running: 2, waiting: 3 });
      assert.deepEqual([await first.join(group), await second.join(group)], ["a1", "a1"]);
      assert.equal(group.now(), 100);
    }, { clock });
  });
  scenario("a caller's time limit is its own", async ({ clock }) => {
    const load = loader(100);
    await taskGroup(async (group) => {
      const patient = group.spawn((scope) => load("a", scope));
      isA(await thrownBy(group.failAfter(10, (scope) => load("a", scope))), TimeoutError);
      assert.equal(group.now(), 10);
      assert.equal(await patient.join(group), "a1");
    }, { clock });
  });
  scenario("the first caller may go: its scope ends, and the run goes on for the second", async ({ clock }) => {
    const steps: string[] = [];
    const load = loader(100, steps);
    await taskGroup(async (group) => {
      const first = group.spawn((scope) => scope.moveOnAfter(20, (own) => load("a", own)));
      const second = group.spawn((scope) => load("a", scope));
      await first.join(group);
      assert.equal(group.now(), 20);
      assert.equal(await second.join(group), "a1");
      assert.deepEqual(steps, ["a1 begins", "a1 ends"]);
    }, { clock });
  });
  scenario("when nobody waits any more the run is cancelled, and the last caller waits for its end", async ({ clock }) => {
    const steps: string[] = [];
    const load = loader(100, steps);
    await taskGroup(async (group) => {
      const first = group.spawn((scope) => load("a", scope));
      const second = group.spawn((scope) => load("a", scope));
      await sleep(20, group);
      first.cancel();
      await first.settled(group);
      assert.equal(group.now(), 20);
      second.cancel();
      await second.settled(group);
      assert.equal(group.now(), 30);
      assert.deepEqual(steps, ["a1 begins", "a1 cancelled", "a1 cleaned"]);
      assert.deepEqual(load.statistics(), { running: 0, waiting: 0 });
    }, { clock });
  });
  scenario("who asks while an abandoned run cleans up gets a run of its own, after it", async ({ clock }) => {
    const steps: string[] = [];
    const load = loader(100, steps);
    await taskGroup(async (group) => {
      const first = group.spawn((scope) => load("a", scope));
      await sleep(20, group);
      first.cancel();
      assert.equal(await load("a", group), "a2");
      assert.deepEqual(steps, ["a1 begins", "a1 cancelled", "a1 cleaned", "a2 begins", "a2 ends"]);
    }, { clock });
  });
  scenario("a failure in the cleanup of an abandoned run is the last caller's", async ({ clock }) => {
    const F = new Error("F");
    const load = singleFlight((_key: string, scope: Scope) => sleepForever(scope).catch(() => Promise.reject(F)));
    assert.equal(await thrownBy(failAfter(10, (scope) => load("a", scope), { clock })), F);
  });
  scenario("in a cancelled scope nothing is run", async ({ clock }) => {
    const load = singleFlight(() => assert.fail("run"));
    await moveOnAfter(0, async (scope) => assert.equal(await thrownBy(load("a", scope)), scope.reason), { clock });
    assert.deepEqual(load.statistics(), { running: 0, waiting: 0 });
  });
  scenario("a function that throws at once, or gives a plain value", async () => {
    const E = new Error("E");
    const load = singleFlight((key: string) => {
      if (key === "bad") throw E;
      return key;
    });
    await taskGroup(async (group) => {
      assert.equal(await load("good", group), "good");
      assert.equal(await thrownBy(load("bad", group)), E);
    });
  });
  scenario("a call that is cancelled before anybody awaits it is no unhandled rejection", async ({ clock }) => {
    const load = loader(100);
    await moveOnAfter(10, async (scope) => {
      void load("a", scope);
      await sleepForever(scope);
    }, { clock });
  });
  scenario("callers go on in their own async context", async ({ clock }) => {
    const storage = new AsyncLocalStorage<string>();
    const load = loader(10);
    await taskGroup(async (group) => {
      const stores: unknown[] = [];
      const call = async (scope: Scope): Promise<void> => {
        await load("a", scope);
        stores.push(storage.getStore());
      };
      storage.run("first", () => group.spawn(call));
      storage.run("second", () => group.spawn(call));
      await sleep(20, group);
      assert.deepEqual(stores, ["first", "second"]);
    }, { clock });
  });
  scenario("lets timers run though nothing ever waits (G22)", async () => {
    let fired = false;
    const timer = setTimeout(() => (fired = true));
    const load = singleFlight((key: string) => key);
    await taskGroup(async (group) => {
      for (let call = 0; call < 100_000 && !fired; call++) await load("a", group);
    });
    clearTimeout(timer);
    assert.ok(fired);
  });
  scenario("refuses what is no function, and a call without a scope", async () => {
    assert.throws(() => singleFlight(7 as never), TypeError);
    const load = loader(1);
    isA(await thrownBy(load("a", undefined as never)), TypeError);
    isA(await thrownBy(load("a", { signal: AbortSignal.abort() } satisfies Cancellable as never)), TypeError);
    await quiet();
  });
});

test("explored: no order and no cancellation runs a key twice at a time, fails a caller that was not cancelled, or leaves a run behind", async () => {
  await explore(
    async (group) => {
      let running = 0;
      const load = singleFlight(async (_key: string, scope: Scope) => {
        assert.equal(++running, 1, "two runs");
        try {
          await scope.checkpoint();
          await scope.checkpoint();
          return "value";
        } finally {
          await scope.shield((own) => own.checkpoint());
          running--;
        }
      });
      for (let caller = 0; caller < 3; caller++) {
        group.spawn(async (scope) => {
          const end = await ending(load("a", scope));
          if ("value" in end) assert.equal(end.value, "value");
          else assert.equal(end.error, scope.reason);
          if (load.statistics().waiting === 0 && load.statistics().running === 0) assert.equal(running, 0, "left behind");
          if ("error" in end) throw end.error;
        });
      }
    },
    { faults: ["cancel"], mostFaults: 3, schedules: 2_000, seeds: 500 },
  );
});
