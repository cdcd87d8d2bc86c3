/** The test kit: virtual time, waiting for blocked tasks, forced orders. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, failAfter, MisuseError, type Scope, sleep, sleepForever, sleepUntil, taskGroup } from "espalier";
import { realClock } from "espalier/lowlevel";
import { AssertionError, assertCheckpoints, assertNoCheckpoints, Sequencer, testClock, waitAllTasksBlocked } from "espalier/testing";
import { gate, isA, scenario, thrownBy } from "./case.ts";

const clocks = { "a test clock": () => testClock(), "a test clock without autojump": () => testClock({ autojump: false }), "the real clock": () => realClock };

for (const [name, make] of Object.entries(clocks)) {
  describe(`K01: waitAllTasksBlocked() on ${name}`, () => {
    scenario("K01: resolves only after a task has done its ten checkpoints, and is blocked", async () => {
      const record: string[] = [];
      await taskGroup(
        async (group) => {
          const busy = group.spawn(async (scope) => {
            for (let n = 0; n < 10; n++) await scope.checkpoint();
            record.push("busy is done");
            await sleepForever(scope);
          });
          await waitAllTasksBlocked(group);
          record.push("all blocked");
          busy.cancel();
        },
        { clock: make() },
      );
      assert.deepEqual(record, ["busy is done", "all blocked"]);
    });

    scenario("K01: is cancellable itself, and leaves the others waiting", async () => {
      const { promise, open } = gate();
      await taskGroup(
        async (group) => {
          // A foreign await while a timer of the platform runs: not blocked.
          const alive = setTimeout(() => {}, 60_000);
          group.spawn(() => promise);
          const waiting = group.spawn(waitAllTasksBlocked);
          const other = group.spawn(waitAllTasksBlocked);
          await group.checkpoint();
          waiting.cancel();
          const { status } = await waiting.settled();
          assert.equal(status, "cancelled");
          assert.equal(other.status, "running");
          clearTimeout(alive);
          open();
          await other.join(group);
        },
        { clock: make() },
      );
    });

    scenario("K01: all who wait go on together; in a cancelled scope it throws at once", async () => {
      const record: string[] = [];
      await taskGroup(
        async (group) => {
          const waiter = (scope: Scope): Promise<unknown> => waitAllTasksBlocked(scope).then(() => record.push("on"));
          group.spawn(waiter);
          group.spawn(waiter);
          await waiter(group);
          await group.checkpoint();
          assert.deepEqual(record, ["on", "on", "on"]);
          await group.moveOnAfter(Infinity, async (scope) => {
            scope.cancel();
            isA(await thrownBy(waitAllTasksBlocked(scope)), CancelledError);
          });
        },
        { clock: make() },
      );
    });

    scenario("K01: a task that joins another one without a scope is blocked, and so is one that waits for a foreign promise", async () => {
      const { promise, open } = gate();
      await taskGroup(
        async (group) => {
          group.spawn((scope) => scope.wait(promise));
          await group.group(async (inner) => {
            const task = inner.spawn((scope) => scope.wait(promise));
            group.spawn(async (scope) => {
              await waitAllTasksBlocked(scope);
              open();
            });
            await task.join();
          });
        },
        { clock: make() },
      );
    });
  });
}

describe("K02: autojump", () => {
  scenario("K02: 450 virtual seconds of sleeps pass exactly, at once", async ({ clock }) => {
    const spent: number[] = [];
    await taskGroup(
      async (group) => {
        for (const seconds of [10, 5, 10, 15, 10, 100, 300]) {
          const since = group.now();
          await sleep(seconds * 1_000, group);
          spent.push((group.now() - since) / 1_000);
        }
      },
      { clock },
    );
    assert.deepEqual(spent, [10, 5, 10, 15, 10, 100, 300]);
    assert.equal(clock.now(), 450_000);
  });

  scenario("K02: waiting for blocked tasks wins over the jump", async ({ clock }) => {
    const record: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn(async (scope) => {
          await sleep(100, scope);
          record.push("slept");
        });
        group.spawn(async (scope) => {
          await waitAllTasksBlocked(scope);
          record.push(`blocked at ${scope.now()}`);
          await waitAllTasksBlocked(scope);
          record.push(`blocked at ${scope.now()}`);
        });
      },
      { clock },
    );
    assert.deepEqual(record, ["blocked at 0", "blocked at 0", "slept"]);
  });

  scenario("K02: a sleep of 10,000 seconds is over at once, in a time limit of twice that", async ({ clock }) => {
    await failAfter(20_000_000, (scope) => sleep(10_000_000, scope), { clock });
    assert.equal(clock.now(), 10_000_000);
  });

  scenario("K02: what the clock was advanced to before the first root is where it goes on from", async ({ clock }) => {
    await clock.advance(10_000);
    await taskGroup((group) => sleepUntil(10_001, group), { clock });
    assert.equal(clock.now(), 10_001);
  });
});

describe("K03: Sequencer", () => {
  scenario("K03: forces an order across tasks, whatever the order of their calls", async ({ clock }) => {
    const order = new Sequencer();
    const steps: number[] = [];
    await taskGroup(
      (group) => {
        for (const points of [[0, 5], [4, 2], [1, 3]]) {
          group.spawn(async (scope) => {
            for (const point of points.sort()) {
              await order.at(point, scope, async () => {
                steps.push(point);
                await sleep(10 - point, scope);
              });
            }
          });
        }
      },
      { clock },
    );
    assert.deepEqual(steps, [0, 1, 2, 3, 4, 5]);
  });

  scenario("K03: a point that is taken twice is refused, also one that has been passed", async ({ clock }) => {
    const order = new Sequencer();
    await taskGroup(
      async (group) => {
        await order.at(0, group);
        assert.equal(isA(await thrownBy(order.at(0, group)), MisuseError).code, "POINT_TAKEN");
        group.spawn((scope) => order.at(2, scope));
        assert.equal(isA(await thrownBy(order.at(2, group)), MisuseError).code, "POINT_TAKEN");
        await order.at(1, group);
      },
      { clock },
    );
  });

  scenario("K03: cancelling one that waits breaks all later points, and no earlier one", async ({ clock }) => {
    const order = new Sequencer();
    await taskGroup(
      async (group) => {
        const errors: unknown[] = [];
        const cancelled = group.spawn((scope) => order.at(2, scope));
        for (const point of [3, 4]) group.spawn((scope) => order.at(point, scope).catch((error: unknown) => errors.push(error)));
        const earlier = group.spawn((scope) => order.at(1, scope));
        cancelled.cancel();
        await waitAllTasksBlocked(group);
        assert.deepEqual(errors.map((error) => isA(error, MisuseError).code), ["SEQUENCE_BROKEN", "SEQUENCE_BROKEN"]);
        await order.at(0, group);
        await earlier.join(group);
        assert.equal(isA(await thrownBy(order.at(5, group)), MisuseError).code, "SEQUENCE_BROKEN");
      },
      { clock },
    );
  });

  scenario("K03: a step that fails has passed its point, and at() gives what a step returns", async ({ clock }) => {
    const order = new Sequencer();
    const error = new Error("step");
    await taskGroup(
      async (group) => {
        assert.equal(await thrownBy(order.at(0, group, () => Promise.reject(error))), error);
        assert.equal(await order.at(1, group, () => "value"), "value");
        isA(await thrownBy(order.at(-1, group)), RangeError);
      },
      { clock },
    );
  });
});

describe("K04: assertCheckpoints() and assertNoCheckpoints()", () => {
  const operations: Record<string, [fn: (scope: Scope) => unknown, isPoint: boolean, hasYielded: boolean]> = {
    "scope.checkpoint()": [(scope) => scope.checkpoint(), true, true],
    "a sleep of nothing": [(scope) => sleep(0, scope), true, true],
    "a sleep": [(scope) => sleep(10, scope), true, true],
    "scope.wait()": [(scope) => scope.wait(Promise.resolve(1)), true, true],
    "throwIfCancelled() alone": [(scope) => scope.throwIfCancelled(), true, false],
    "an await of a plain promise": [() => Promise.resolve().then(() => {}), false, true],
    "an async function that waits for nothing": [async () => 1, false, false],
    "a synchronous function": [() => 1, false, false],
    "a function that fails": [() => Promise.reject(new Error("no")), false, false],
  };
  for (const [name, [fn, isPoint, hasYielded]] of Object.entries(operations)) {
    scenario(`K04: assertCheckpoints() of ${name} ${isPoint && hasYielded ? "passes" : "says what is missing"}`, async () => {
      if (isPoint && hasYielded) return void (await assertCheckpoints(fn));
      const { message } = isA(await thrownBy(assertCheckpoints(fn)), AssertionError);
      assert.equal(/no cancellation point/.test(message), !isPoint);
      assert.equal(/did not yield/.test(message), !hasYielded);
    });

    scenario(`K04: assertNoCheckpoints() of ${name} ${isPoint || hasYielded ? "says what it saw" : "passes"}`, async () => {
      const error = await thrownBy(assertNoCheckpoints(fn).then(() => Promise.reject(new Error("passed"))));
      if (isPoint || hasYielded) assert.match(isA(error, AssertionError).message, isPoint ? /threw the cancellation/ : /it yielded/);
      else assert.match(isA(error, Error).message, /^(passed|no)$/);
    });
  }

  scenario("K04: both work below a scope of the test, on its clock, and leave that as it was", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        assert.equal(await assertCheckpoints((scope) => sleep(10, scope).then(() => "slept"), group), "slept");
        assert.equal(await assertNoCheckpoints(() => "at once", group), "at once");
        assert.equal(group.now(), 10);
        assert.equal(Object.hasOwn(clock, "pause"), false);
      },
      { clock },
    );
  });

  scenario("K04: an operation that takes a short cut without yielding is found", async () => {
    const items = ["item"];
    const take = async function take(scope: Scope): Promise<string | undefined> {
      scope.throwIfCancelled();
      return items.length > 0 ? items.pop() : sleepForever(scope);
    };
    const { message } = isA(await thrownBy(assertCheckpoints(take)), AssertionError);
    assert.match(message, /^"take" is no checkpoint: it did not yield\./);
  });
});

describe("K12: a program on a test clock, without real I/O", () => {
  scenario("K12: gives the identical order of events in every run", async () => {
    const run = async (): Promise<string[]> => {
      const events: string[] = [];
      await taskGroup(
        (group) => {
          for (let n = 0; n < 20; n++) {
            group.spawn(async (scope) => {
              for (let round = 0; round < 5; round++) {
                events.push(`${n}.${round} at ${scope.now()}`);
                if ((n + round) % 3 === 0) await waitAllTasksBlocked(scope);
                await sleep((n * round) % 7, scope);
              }
            });
          }
        },
        { clock: testClock() },
      );
      return events;
    };
    const first = await run();
    for (let round = 0; round < 10; round++) assert.deepEqual(await run(), first);
  });
});
