/** A, of flow: results in the order of completion, the staggered race, one run for many. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { failAfter, type Scope, sleep, sleepForever, taskGroup, TaskGroupError, TimeoutError } from "espalier";
import { asCompleted, hedge, mapStream, singleFlight } from "espalier/flow";
import { isA, same, scenario, thrownBy } from "./case.ts";
import { after, collect, failing } from "./tasks.ts";

scenario("A05: asCompleted() gives the results in the order of completion", async ({ clock }) => {
  await taskGroup(async (group) => {
    assert.deepEqual(await collect(asCompleted([after(30, 1), after(10, 2), after(20, 3)], group)), [2, 3, 1]);
  }, { clock });
});

scenario("A07: a failure ends the loop over asCompleted() with the error, the others are cancelled and waited for", async ({ clock }) => {
  const E = new Error("E");
  const steps: unknown[] = [];
  await taskGroup(async (group) => {
    const slow = (scope: Scope): Promise<void> => sleepForever(scope).finally(() => scope.shield((own) => sleep(50, own)).then(() => steps.push("cleaned")));
    const error = await thrownBy(async () => {
      for await (const value of asCompleted([slow, failing(20, E), after(10, "a")], group)) steps.push(value);
    });
    assert.equal(error, E);
    assert.deepEqual(steps, ["a", "cleaned"]);
    assert.equal(group.now(), 70);
  }, { clock });
});

describe("A08: of nothing there is nothing", () => {
  scenario("A08: … asCompleted() is an empty iteration, of functions and of tasks", async () => {
    await taskGroup(async (group) => {
      assert.deepEqual(await collect(asCompleted([], group)), []);
      assert.deepEqual(await collect(asCompleted(new Set(group.tasks), group)), []);
    });
  });
  scenario("A08: … mapStream() is, too", async () => {
    await taskGroup(async (group) => assert.deepEqual(await collect(mapStream([], String, { concurrency: 2 }, group)), []));
  });
  scenario("A08: … hedge() fails with no errors, as any() does", async () => {
    await taskGroup(async (group) => same(isA(await thrownBy(hedge([], { delay: 1 }, group)), TaskGroupError).errors, []));
  });
});

scenario("A09: asCompleted() of tasks gives these very tasks, goes on after a break, and leaves them to their group", async ({ clock }) => {
  await taskGroup(async (group) => {
    const [slow, fast, middle] = [group.spawn(after(30, 1)), group.spawn(after(10, 2)), group.spawn(after(20, 3))];
    const ended = asCompleted([slow, fast, middle], group);
    for await (const task of ended) {
      assert.equal(task, fast);
      break;
    }
    assert.equal(slow.status, "running");
    same(await collect(ended), [middle, slow]);
    assert.equal(await slow.join(group), 1);
  }, { clock });
});

describe("A10: a time limit around asCompleted()", () => {
  scenario("A10: … lets through what came before it, then throws", async ({ clock }) => {
    const given: unknown[] = [];
    const error = await thrownBy(
      failAfter(120, async (scope) => {
        for await (const value of asCompleted([after(100, "a"), after(150, "b")], scope)) given.push(value);
      }, { clock }),
    );
    isA(error, TimeoutError);
    assert.deepEqual(given, ["a"]);
    assert.equal(clock.now(), 120);
  });
  scenario("A10: … that is not reached leaves no timer", async ({ clock }) => {
    const given = await failAfter(1_000, (scope) => collect(asCompleted([after(100, "a"), after(150, "b")], scope)), { clock });
    assert.deepEqual(given, ["a", "b"]);
    assert.equal(clock.now(), 150);
  });
});

describe("A11: the staggered race of hedge()", () => {
  scenario("A11: … where the first succeeds, the second never matters", async ({ clock }) => {
    let called = false;
    const value = await failAfter(Infinity, (scope) => hedge([after(5, "first"), () => (called = true)], { delay: 10 }, scope), { clock });
    assert.equal(value, "first");
    assert.equal(called, false);
  });
  scenario("A11: … where the first fails, the second starts at once", async ({ clock }) => {
    const value = await failAfter(Infinity, (scope) => hedge([failing(2, new Error("E")), after(3, "second")], { delay: 1_000 }, scope), { clock });
    assert.equal(value, "second");
    assert.equal(clock.now(), 5);
  });
  scenario("A11: … where the second wins, a slow first is cancelled, and waited for", async ({ clock }) => {
    const steps: string[] = [];
    const slow = (scope: Scope): Promise<void> => sleepForever(scope).finally(() => scope.shield((own) => sleep(5, own)).then(() => steps.push("cleaned")));
    assert.equal(await failAfter(Infinity, (scope) => hedge([slow, after(3, "second")], { delay: 10 }, scope), { clock }), "second");
    assert.deepEqual(steps, ["cleaned"]);
    assert.equal(clock.now(), 18);
  });
  scenario("A11: … where none succeeds, there are all errors", async ({ clock }) => {
    const [E, F] = [new Error("E"), new Error("F")];
    const error = await thrownBy(failAfter(Infinity, (scope) => hedge([failing(1, E), failing(1, F)], { delay: 10 }, scope), { clock }));
    same(isA(error, TaskGroupError).errors, [E, F]);
  });
});

describe("A14: singleFlight()", () => {
  scenario("A14: … runs once for two calls at the same time", async ({ clock }) => {
    let runs = 0;
    const load = singleFlight(async (key: string, scope: Scope) => {
      runs++;
      await sleep(10, scope);
      return key.toUpperCase();
    });
    await taskGroup(async (group) => {
      assert.deepEqual(await group.all([(scope) => load("a", scope), (scope) => load("a", scope)]), ["A", "A"]);
      assert.equal(runs, 1);
      assert.equal(group.now(), 10);
    }, { clock });
  });
  scenario("A14: … other keys do not wait for each other", async ({ clock }) => {
    const load = singleFlight((ms: number, scope: Scope) => sleep(ms, scope).then(() => scope.now()));
    await taskGroup(async (group) => {
      assert.deepEqual(await group.all([(scope) => load(100, scope), (scope) => load(5, scope)]), [100, 5]);
    }, { clock });
  });
  scenario("A14: … a first caller that is cancelled does not fail the second", async ({ clock }) => {
    const load = singleFlight((key: string, scope: Scope) => sleep(100, scope).then(() => key));
    await taskGroup(async (group) => {
      const first = group.spawn((scope) => load("a", scope));
      const second = group.spawn((scope) => load("a", scope));
      await sleep(10, group);
      first.cancel();
      assert.equal(await second.join(group), "a");
      assert.equal(first.status, "cancelled");
    }, { clock });
  });
});
