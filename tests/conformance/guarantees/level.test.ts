/** G4: a cancellation is felt by every operation until the scope is left; opening a scope is no operation. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, moveOnAfter, type Scope, sleep, sleepForever, sleepUntil, type Task, type TaskGroup, taskGroup } from "espalier";
import { park } from "espalier/lowlevel";
import { gate, isA, same, scenario, thrownBy } from "../case.ts";
import { openers } from "../openers.ts";
import { StalledClock } from "../stalled-clock.ts";

interface Around {
  readonly group: TaskGroup;
  readonly running: Task<unknown>;
  readonly finished: Task<unknown>;
  readonly touched: string[];
}

/** Everything that waits. `touched` collects what must not happen in a cancelled scope. */
const operations: Record<string, (scope: Scope, around: Around) => unknown> = {
  "sleep()": (scope) => sleep(1_000, scope),
  "sleep(0)": (scope) => sleep(0, scope),
  "sleepUntil()": (scope) => sleepUntil(scope.now() + 1_000, scope),
  "sleepUntil() of the past": (scope) => sleepUntil(-1, scope),
  "sleepForever()": (scope) => sleepForever(scope),
  "sleep() with { signal }": (scope) => sleep(1_000, { signal: scope.signal }),
  "sleep() with { ...scope }": (scope) => sleep(1_000, { ...scope }),
  "checkpoint()": (scope) => scope.checkpoint(),
  "throwIfCancelled()": (scope) => scope.throwIfCancelled(),
  "wait() for a pending promise": (scope) => scope.wait(new Promise(() => {})),
  "wait() for a settled promise": (scope) => scope.wait(Promise.resolve()),
  "wait() for a lazy thenable": (scope, { touched }) => scope.wait({ then: () => touched.push("then") } as unknown as PromiseLike<void>),
  "join() of a running task": (scope, { running }) => running.join(scope),
  "join() of a finished task": (scope, { finished }) => finished.join(scope),
  "settled() of a running task": (scope, { running }) => running.settled(scope),
  "settled() of a finished task": (scope, { finished }) => finished.settled(scope),
  "map()": (scope) => scope.map([1, 2], (_, own) => own.checkpoint()),
  "vacancy()": (scope, { group }) => group.vacancy(scope),
  "park()": (scope, { touched }) => park(scope, "bell", () => void touched.push("register")),
};

/** Ways in which a scope comes to be cancelled. */
const causes: Record<string, (scope: CancelScope, clock: StalledClock) => void> = {
  explicit: (scope) => scope.cancel("enough"),
  deadline: (scope, clock) => {
    scope.reschedule(scope.now() + 5);
    clock.block(5);
  },
};

for (const [source, cancel] of Object.entries(causes)) {
  describe(`G4: in a scope that is cancelled (${source})`, () => {
    for (const [name, operation] of Object.entries(operations)) {
      scenario(`G4: ${name} throws the same CancelledError at each call and touches nothing`, async () => {
        const clock = new StalledClock();
        const stop = gate();
        await taskGroup(
          async (group) => {
            const around: Around = { group, running: group.spawn(() => stop.promise), finished: group.spawn(() => "value"), touched: [] };
            const value = await group.moveOnAfter(
              Infinity,
              async (scope) => {
                cancel(scope, clock);
                const call = (): unknown => operation(scope, around);
                const first = await thrownBy(call);
                assert.equal(isA(first, CancelledError).source, source);
                assert.equal(first, scope.reason);
                assert.equal(clock.armed, 0, "a timer was armed");
                same([await thrownBy(call), await thrownBy(call)], [first, first]);
                await call();
              },
              { fallback: "absorbed" },
            );
            assert.equal(value, "absorbed");
            assert.deepEqual(around.touched, []);
            // Outside of the scope the same operations are what they were.
            assert.equal(await around.finished.join(group), "value");
            stop.open();
          },
          { clock },
        );
      });
    }
  });
}

describe("G4: opening a scope is no operation", () => {
  // map() has no body: it is an operation that calls a function for each item that it takes.
  for (const { name, open } of openers.filter((opener) => !opener.name.includes("map("))) {
    scenario(`G4: ${name} in a cancelled scope starts its body, whose first wait throws`, async ({ clock }) => {
      const log: unknown[] = [];
      const value = await moveOnAfter(
        Infinity,
        async (scope) => {
          scope.cancel();
          const call = open(scope, async (inner) => {
            log.push("started", inner.cancelled);
            log.push((await thrownBy(inner.checkpoint())) === scope.reason);
            await inner.checkpoint();
            log.push("a line that must not run");
          });
          log.push("the call returned");
          // allSettled() gives it as a record; every other call throws.
          await call;
        },
        { clock, fallback: "absorbed" },
      );
      if (!name.includes("allSettled")) assert.equal(value, "absorbed");
      assert.deepEqual([...log].sort(), ["started", "the call returned", true, true].sort());
    });

    scenario(`G4: ${name} in a cancelled scope gives the value of a body that does not wait`, async ({ clock }) => {
      let started = 0;
      await moveOnAfter(
        Infinity,
        async (scope) => {
          scope.cancel();
          await open(scope, () => started++);
        },
        { clock },
      );
      assert.equal(started, 1);
    });
  }
});

describe("G4: once caught, it is felt again", () => {
  scenario("G4: in the scope itself, in scopes opened later, and in tasks spawned later", async ({ clock }) => {
    const interruptions: unknown[] = [];
    const value = await moveOnAfter(
      Infinity,
      async (scope) => {
        scope.cancel();
        interruptions.push(await thrownBy(scope.checkpoint()));
        interruptions.push(await thrownBy(scope.failAfter(1_000, (inner) => sleep(1, inner))));
        interruptions.push(await thrownBy(scope.group((group) => void group.spawn((own) => sleep(1, own)))));
        interruptions.push(await thrownBy(scope.checkpoint()));
        return "swallowed";
      },
      { clock },
    );
    assert.equal(value, "swallowed");
    assert.equal(interruptions.length, 4);
    assert.equal(new Set(interruptions).size, 1);
  });

  scenario("G4: a task that swallows it in a loop of waits still comes to its end", async ({ clock }) => {
    let rounds = 0;
    const task = await taskGroup(
      (group) => {
        const stubborn = group.spawn(async (scope) => {
          while (rounds < 100) {
            rounds++;
            await sleep(1_000, scope).catch(() => {});
          }
          return "gave up";
        });
        group.cancel();
        return stubborn;
      },
      { clock },
    );
    assert.deepEqual(task.outcome, { status: "succeeded", value: "gave up" });
    assert.equal(clock.now(), 0);
  });
});
