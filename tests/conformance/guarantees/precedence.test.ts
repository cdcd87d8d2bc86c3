/** G7, G8, G9: a real error beats cancellation, what was handed over beats it too, and of several causes the first one stays. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, moveOnAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { park, type Waiter } from "espalier/lowlevel";
import { ending, gate, isA, same, scenario, thrownBy } from "../case.ts";
import { StalledClock } from "../stalled-clock.ts";

const E = new Error("E");
const F = new Error("F");

describe("G7: a real error beats cancellation, which stays pending", () => {
  const calls: Record<string, (scope: Scope) => Promise<unknown>> = {
    "a group whose task fails in its cleanup": (scope) =>
      scope.group((group) => void group.spawn((own) => sleepForever(own).catch(() => Promise.reject(F)))),
    "a group whose body fails in its cleanup": (scope) => scope.group((group) => sleepForever(group).catch(() => Promise.reject(F))),
    "a failAfter whose body fails in its cleanup": (scope) => scope.failAfter(1_000, (inner) => sleepForever(inner).catch(() => Promise.reject(F))),
    "a shield that fails": (scope) => scope.shield((shield) => sleep(50, shield).then(() => Promise.reject(F))),
    "all() with a failing cleanup": (scope) => scope.all([(own) => sleepForever(own).catch(() => Promise.reject(F))]),
  };
  for (const [what, call] of Object.entries(calls)) {
    scenario(`G7: ${what}: the error is thrown, and after it was caught the next operation of the outer scope throws`, async ({ clock }) => {
      const log: string[] = [];
      const value = await moveOnAfter(
        10,
        async (outer) => {
          const error = await thrownBy(call(outer));
          same(error instanceof TaskGroupError ? error.errors : [error], [F]);
          log.push("handled");
          await outer.checkpoint();
          log.push("a line that must not run");
        },
        { clock, fallback: "fallback" },
      );
      assert.equal(value, "fallback");
      assert.deepEqual(log, ["handled"]);
    });

    scenario(`G7: ${what}: a body that handled it and returns gives its value`, async ({ clock }) => {
      const value = await moveOnAfter(10, (outer) => ending(call(outer)).then(() => "value"), { clock, fallback: "fallback" });
      assert.equal(value, "value");
    });

    scenario(`G7: ${what}: not caught, it leaves the outer scope instead of the cancellation`, async ({ clock }) => {
      const error = await thrownBy(moveOnAfter(10, call, { clock, fallback: "fallback" }));
      same(error instanceof TaskGroupError ? error.errors : [error], [F]);
    });
  }

  scenario("G7: a failure before the outer cancellation is not undone by it", async ({ clock }) => {
    const peer = gate();
    const log: string[] = [];
    const value = await moveOnAfter(
      Infinity,
      async (outer) => {
        const call = ending(
          outer.group((group) => {
            group.spawn(() => peer.promise);
            group.spawn(() => Promise.reject(E));
          }),
        );
        await outer.checkpoint();
        outer.cancel();
        peer.open();
        const end = await call;
        assert.ok("error" in end);
        same(isA(end.error, TaskGroupError).errors, [E]);
        log.push("handled");
        await outer.checkpoint();
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
    assert.deepEqual(log, ["handled"]);
  });
});

describe("G8: what was handed over beats a later cancellation in the same turn", () => {
  /** Starts a wait and gives what hands it over; cancelling comes directly after. */
  const handOvers: Record<string, (scope: Scope, clock: StalledClock) => { wait: Promise<unknown>; handOver: () => void; error?: unknown }> = {
    "a sleep that was due": (scope, clock) => ({
      wait: sleep(10, scope).then(() => "value"),
      handOver() {
        clock.block(10);
        clock.turn();
      },
    }),
    "a promise that was resolved": (scope) => {
      const peer = gate<string>();
      return { wait: scope.wait(peer.promise), handOver: () => peer.open("value") };
    },
    "a promise that was rejected": (scope) => {
      const peer = gate<string>();
      return { wait: scope.wait(peer.promise), handOver: () => peer.fail(E), error: E };
    },
    "a promise that was settled before the wait": (scope) => ({ wait: scope.wait(Promise.resolve("value")), handOver() {} }),
    "a parked waiter that was woken": (scope) => {
      let waiter: Waiter<string> | undefined;
      const wait = park<string>(scope, "bell", (parked) => void (waiter = parked));
      return { wait, handOver: () => assert.equal(waiter!.resolve("value"), true) };
    },
    "a parked waiter that was failed": (scope) => {
      let waiter: Waiter<string> | undefined;
      const wait = park<string>(scope, "bell", (parked) => void (waiter = parked));
      return { wait, handOver: () => assert.equal(waiter!.reject(E), true), error: E };
    },
    "a checkpoint": (scope) => ({ wait: scope.checkpoint().then(() => "value"), handOver() {} }),
    "a place in a group": (scope) => {
      const wait = taskGroup((group) => group.vacancy(scope).then(() => "value"));
      return { wait, handOver() {} };
    },
  };

  for (const [what, start] of Object.entries(handOvers)) {
    scenario(`G8: ${what}`, async () => {
      const clock = new StalledClock();
      const value = await moveOnAfter(
        Infinity,
        async (scope) => {
          const { wait, handOver, error } = start(scope, clock);
          handOver();
          scope.cancel();
          assert.deepEqual(await ending(wait), error === undefined ? { value: "value" } : { error });
          await scope.checkpoint();
        },
        { clock, fallback: "fallback" },
      );
      assert.equal(value, "fallback", "the operation after it throws");
    });
  }

  scenario("G8: the error of a joined task, which itself cancels the joiner", async ({ clock }) => {
    for (const wait of ["join", "settled"] as const) {
      let given: unknown;
      await thrownBy(
        taskGroup(
          async (group) => {
            const task = group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)));
            given = await ending(wait === "join" ? task.join(group) : task.settled(group));
            assert.equal(group.cancelled, true);
          },
          { clock },
        ),
      );
      assert.deepEqual(given, wait === "join" ? { error: E } : { value: { status: "failed", error: E } });
    }
  });

  scenario("G8: the result of a task that ended in the turn in which the joiner was cancelled", async ({ clock }) => {
    const value = await moveOnAfter(
      Infinity,
      (scope) =>
        scope.group(async (group) => {
          const peer = gate<string>();
          const task = group.spawn(() => peer.promise);
          const joined = task.join(group);
          void task.settled().then(() => scope.cancel());
          peer.open("value");
          return joined;
        }),
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "value");
  });

  scenario("G8: cancelled first, a parked waiter takes nothing: the next one gets it", async ({ clock }) => {
    const waiters: Waiter<string>[] = [];
    const bell = (scope: Scope): Promise<string> => park<string>(scope, "bell", (waiter) => void waiters.push(waiter));
    await taskGroup(
      async (group) => {
        const first = group.spawn(bell);
        const second = group.spawn(bell);
        first.cancel();
        assert.equal(waiters[0]!.resolve("item"), false);
        assert.equal(waiters[0]!.reject(E), false);
        assert.equal(waiters[1]!.resolve("item"), true);
        assert.equal(waiters[1]!.resolve("another"), false, "one value for one waiter");
        assert.equal(await second.join(group), "item");
        assert.equal((await first.settled(group)).status, "cancelled");
      },
      { clock },
    );
  });
});

describe("G9: the first cause stays", () => {
  interface Stage {
    readonly group: Parameters<Parameters<typeof taskGroup>[0]>[0];
    readonly clock: StalledClock;
    abort(): void;
  }
  const causes: Record<string, (stage: Stage) => void> = {
    explicit: ({ group }) => group.cancel("enough"),
    deadline({ group, clock }) {
      group.reschedule(clock.now() + 5);
      clock.block(5);
      clock.turn();
    },
    sibling: ({ group }) => void group.spawn(() => Promise.reject(E), { name: "culprit" }),
    signal: ({ abort }) => abort(),
  };
  for (const first of Object.keys(causes)) {
    for (const second of Object.keys(causes)) {
      scenario(`G9: first ${first}, then ${second}: every CancelledError says ${first}`, async ({ outside }) => {
        const clock = new StalledClock();
        const client = outside();
        const told: unknown[] = [];
        const call = taskGroup(
          async (group) => {
            const stage: Stage = { group, clock, abort: () => client.abort("gone") };
            const listen = (scope: Scope): Promise<void> => sleepForever(scope).catch((error: unknown) => void told.push(error));
            group.spawn(listen);
            group.spawn((scope) => scope.failAfter(1_000, listen));
            for (const cause of [first, second]) {
              causes[cause]!(stage);
              await Promise.resolve();
            }
            told.push(await thrownBy(group.checkpoint()), group.reason, group.signal.reason);
          },
          { clock, signal: client.signal },
        );
        await ending(call);
        assert.equal(told.length, 5);
        assert.equal(new Set(told).size, 1);
        assert.equal(isA(told[0], CancelledError).source, first);
      });
    }
  }

  scenario("G9: a deadline that had passed unseen is before a cancel() that came later", async () => {
    const clock = new StalledClock();
    await moveOnAfter(
      10,
      (scope) => {
        clock.block(10);
        scope.cancel("too late");
        assert.equal(scope.reason?.source, "deadline");
      },
      { clock },
    );
  });

  scenario("G9: a deadline that had passed unseen is before a task.cancel() that came later", async () => {
    const clock = new StalledClock();
    await moveOnAfter(
      10,
      (outer) =>
        outer.group(async (group) => {
          const task = group.spawn(sleepForever);
          clock.block(10);
          task.cancel("too late");
          assert.equal(isA(await thrownBy(task.join()), CancelledError).source, "deadline");
        }),
      { clock },
    );
  });

  scenario("G9: a deadline that had passed unseen is before a sibling that failed later", async () => {
    const clock = new StalledClock();
    let source: string | undefined;
    await thrownBy(
      taskGroup(
        (group) => {
          group.reschedule(10);
          clock.block(10);
          group.spawn(() => {
            throw E;
          });
          source = group.reason?.source;
        },
        { clock },
      ),
    );
    assert.equal(source, "deadline");
  });

  scenario("G9: each scope tells its own first cause", async ({ clock }) => {
    const seen: unknown[] = [];
    const look = (scope: CancelScope): void => void seen.push([scope.reason?.reason, scope.reason?.by]);
    await moveOnAfter(
      Infinity,
      async (outer) => {
        await outer.moveOnAfter(
          Infinity,
          async (inner) => {
            inner.cancel("inner first");
            outer.cancel("outer second");
            look(inner);
            look(outer);
            assert.equal(await thrownBy(inner.checkpoint()), inner.reason);
            assert.equal(await thrownBy(outer.checkpoint()), outer.reason);
            await inner.moveOnAfter(10, look);
          },
          { name: "inner" },
        );
      },
      { clock, name: "outer" },
    );
    assert.deepEqual(seen, [
      ["inner first", "inner"],
      ["outer second", "outer"],
      ["inner first", "inner"],
    ]);
  });
});
