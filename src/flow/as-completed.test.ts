/** `asCompleted` in depth: when it starts, what a failure leaves, how it is left, and tasks. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, suppressed, taskGroup, TimeoutError } from "espalier";
import { asCompleted } from "espalier/flow";
import { explore } from "espalier/testing";
import { isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";
import { after, cleaning, failing } from "../../tests/conformance/tasks.ts";

describe("asCompleted() of functions", () => {
  scenario("starts them when the first result is asked for, all at once", async ({ clock }) => {
    await taskGroup(async (group) => {
      let started = 0;
      const count = (): number => ++started;
      const flow = asCompleted([count, count], group);
      await group.checkpoint();
      assert.equal(started, 0);
      assert.deepEqual(await flow.next(), { done: false, value: 1 });
      assert.equal(started, 2);
      assert.deepEqual(await flow.next(), { done: false, value: 2 });
      assert.deepEqual([await flow.next(), await flow.next()], [{ done: true, value: undefined }, { done: true, value: undefined }]);
    }, { clock });
  });
  scenario("gives what was ready before a failure, then the failure, once", async ({ clock }) => {
    const E = new Error("E");
    await taskGroup(async (group) => {
      const flow = asCompleted([after(1, "a"), failing(2, E), after(1, "b")], group);
      assert.equal((await flow.next()).value, "a");
      await sleep(100, group);
      assert.equal((await flow.next()).value, "b");
      assert.equal(await thrownBy(flow.next()), E);
      assert.equal((await flow.next()).done, true);
    }, { clock });
  });
  scenario("a failure that nobody asks for is a failure of the scope", async ({ clock }) => {
    const E = new Error("E");
    const error = await thrownBy(
      failAfter(Infinity, async (scope) => {
        const flow = asCompleted([after(1, "a"), failing(2, E)], scope);
        await flow.next();
        await sleep(100, scope);
      }, { clock }),
    );
    assert.equal(error, E);
  });
  scenario("left by break: the others are cancelled and waited for, and what fails in their cleanup is thrown", async ({ clock }) => {
    const F = new Error("F");
    let done = 0;
    await failAfter(Infinity, async (scope) => {
      const error = await thrownBy(async () => {
        for await (const value of asCompleted([after(5, "a"), cleaning(20, () => done++), cleaning(30, () => done++, F)], scope)) {
          assert.equal(value, "a");
          break;
        }
      });
      assert.equal(error, F);
      assert.equal(done, 2);
      assert.equal(scope.now(), 35);
    }, { clock });
  });
  scenario("cancelled: the loop goes on only when all have ended, and a failure in their cleanup beats the cancellation", async ({ clock }) => {
    const F = new Error("F");
    const steps: string[] = [];
    const error = await thrownBy(
      failAfter(10, async (scope) => {
        try {
          for await (const _ of asCompleted([cleaning(20, () => steps.push("cleaned"), F)], scope)) assert.fail("a value");
        } finally {
          steps.push("loop left");
        }
      }, { clock }),
    );
    assert.equal(error, F);
    assert.deepEqual(steps, ["cleaned", "loop left"]);
  });
  scenario("next(scope) waits in that scope: its end does not end the others", async ({ clock }) => {
    await taskGroup(async (group) => {
      const flow = asCompleted([after(100, "a")], group);
      isA(await thrownBy(group.failAfter(10, (scope) => flow.next(scope))), TimeoutError);
      assert.equal((await flow.next()).value, "a");
      assert.equal((await flow.next()).done, true);
    }, { clock });
  });
  scenario("return() while a next() waits ends that with done", async ({ clock }) => {
    await taskGroup(async (group) => {
      const flow = asCompleted([sleepForever], group);
      const waiting = flow.next();
      await group.checkpoint();
      assert.equal((await flow.return()).done, true);
      assert.equal((await waiting).done, true);
      await flow[Symbol.asyncDispose]();
    }, { clock });
  });
  scenario("left before it began, nothing is started", async () => {
    await taskGroup(async (group) => {
      const flow = asCompleted([() => assert.fail("started")], group);
      await flow.return();
      assert.equal((await flow.next()).done, true);
    });
  });
  scenario("in a cancelled scope nothing is started", async ({ clock }) => {
    await moveOnAfter(0, async (scope) => {
      assert.equal(await thrownBy(asCompleted([() => assert.fail("started")], scope).next()), scope.reason);
    }, { clock });
  });
  scenario("several failures: the first is thrown and carries the others", async ({ clock }) => {
    const [E, F] = [new Error("E"), new Error("F")];
    await taskGroup(async (group) => {
      const error = await thrownBy(asCompleted([failing(1, E), cleaning(5, () => {}, F)], group).next());
      assert.equal(error, E);
      same(suppressed(error), [F]);
    }, { clock });
  });
  scenario("twenty thousand functions", async ({ clock }) => {
    const count = 20_000;
    let sum = 0;
    await taskGroup(async (group) => {
      for await (const value of asCompleted(Array.from({ length: count }, (_, index) => () => index), group)) sum += value;
    }, { clock });
    assert.equal(sum, (count * (count - 1)) / 2);
  });
});

describe("asCompleted() of tasks", () => {
  scenario("gives failed and cancelled ones as well, and leaves all of them to their group", async ({ clock }) => {
    const reported: unknown[] = [];
    await taskGroup(
      async (group) => {
        const tasks = [group.spawn(after(30, "a")), group.spawn(failing(10, "E")), group.spawn(after(20, "c"))] as const;
        tasks[2].cancel();
        const ended: unknown[] = [];
        for await (const task of asCompleted(tasks, group)) ended.push(task.status);
        assert.deepEqual(ended, ["cancelled", "failed", "succeeded"]);
      },
      { clock, onError: (error) => reported.push(error) },
    );
    assert.deepEqual(reported, ["E"]);
  });
  scenario("those that have ended come first, in their order", async ({ clock }) => {
    await taskGroup(async (group) => {
      const [one, two, three] = [group.spawn(after(2, 1)), group.spawn(() => 2), group.spawn(() => 3)];
      const flow = asCompleted([one, two, three], group);
      same([(await flow.next()).value, (await flow.next()).value, (await flow.next()).value], [two, three, one]);
    }, { clock });
  });
});

scenario("asCompleted() refuses what is neither, and needs a scope", async () => {
  await taskGroup((group) => {
    assert.throws(() => asCompleted([Promise.resolve(1)] as never, group), /without calling it/);
    assert.throws(() => asCompleted([() => 1], undefined as never), TypeError);
  });
});

test("explored: no order and no cancellation loses a result, gives one twice, or leaves something behind", async () => {
  await explore(
    async (group) => {
      let running = 0;
      const work = (steps: number) => async (scope: Scope) => {
        running++;
        try {
          for (let step = 0; step < steps; step++) await scope.checkpoint();
          return steps;
        } finally {
          running--;
        }
      };
      const consumer = group.spawn(async (scope) => {
        const seen = new Set<number>();
        try {
          for await (const value of asCompleted([work(1), work(2), work(3)], scope)) {
            assert.ok(!seen.has(value));
            seen.add(value);
            if (seen.size === 2) break;
          }
        } finally {
          assert.equal(running, 0, "left behind");
        }
      });
      await consumer.settled(group);
    },
    { faults: ["cancel"], schedules: 2_000, seeds: 300 },
  );
});
