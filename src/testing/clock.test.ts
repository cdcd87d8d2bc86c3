/** The test clock: time that stands still while anything can run, and is exact when it moves. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, sleepUntil, taskGroup, TimeoutError } from "espalier";
import { testClock } from "espalier/testing";
import { isA, quiet, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("testClock() with autojump", () => {
  scenario("starts at 0, and makes a day pass at once and to the millisecond", async () => {
    const clock = testClock();
    assert.equal(clock.now(), 0);
    await taskGroup((group) => sleep(86_400_000.5, group), { clock });
    assert.equal(clock.now(), 86_400_000.5);
  });

  scenario("stands still while a task still takes turns of the event loop", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const steps: string[] = [];
        group.spawn((scope) => sleep(1, scope).then(() => steps.push("slept")));
        for (let step = 0; step < 3_000; step++) await group.checkpoint();
        steps.push("worked");
        assert.equal(group.now(), 0);
        await sleep(2, group);
        assert.deepEqual(steps, ["worked", "slept"]);
      },
      { clock },
    );
  });

  scenario("fires in the order of time, then of arming, and lets all that follows run before the next", async ({ clock }) => {
    const trace: string[] = [];
    const noisy = (name: string, ms: number) => async (scope: Scope) => {
      await sleep(ms, scope);
      trace.push(`${name} at ${scope.now()}`);
      for (let step = 0; step < 5; step++) await scope.checkpoint();
      trace.push(`${name} done`);
    };
    await taskGroup(
      (group) => {
        for (const [name, ms] of [["c", 20], ["a", 10], ["b", 10], ["d", 20]] as const) group.spawn(noisy(name, ms));
      },
      { clock },
    );
    assert.deepEqual(trace, ["a at 10", "a done", "b at 10", "b done", "c at 20", "c done", "d at 20", "d done"]);
  });

  scenario("moves only to what is still waited for: a deadline that nobody needs any more costs no time", async ({ clock }) => {
    await failAfter(1_000_000, (scope) => sleep(10, scope), { clock });
    await moveOnAfter(
      1_000_000,
      async (scope) => {
        const nap = sleep(500_000, scope).catch(() => {});
        await sleep(10, scope);
        scope.cancel();
        await nap;
      },
      { clock },
    );
    assert.equal(clock.now(), 20);
  });

  scenario("never runs backwards: what is due already fires without a move", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        await sleep(10, group);
        await sleepUntil(5, group);
        await sleep(-5, group);
        assert.equal(group.now(), 10);
        isA(await thrownBy(group.failAfter(-5, sleepForever)), TimeoutError);
        assert.equal(group.now(), 10);
      },
      { clock },
    );
  });

  scenario("serves several roots, one after the other and side by side, in one time", async ({ clock }) => {
    await taskGroup((group) => sleep(10, group), { clock });
    const ends: string[] = [];
    await Promise.all(
      [30, 20].map((ms) => taskGroup((group) => sleep(ms, group).then(() => ends.push(`${ms} ends at ${clock.now()}`)), { clock })),
    );
    assert.deepEqual(ends, ["20 ends at 30", "30 ends at 40"]);
  });

  scenario("gives the same order of events at every run of a program", async () => {
    const trace = async (): Promise<string[]> => {
      const events: string[] = [];
      const clock = testClock();
      await taskGroup(
        (group) => {
          for (let n = 0; n < 40; n++) {
            group.spawn(async (scope) => {
              for (let round = 1; round <= 3; round++) {
                await sleep((n * 7 * round) % 11, scope);
                events.push(`${n}.${round} at ${scope.now()}`);
                if (n % 9 === 0) group.spawn((own) => own.checkpoint().then(() => events.push(`child of ${n}.${round}`)));
              }
            });
          }
        },
        { clock, concurrency: 7 },
      );
      return events;
    };
    assert.deepEqual(await trace(), await trace());
  });

  scenario("lets timers and I/O of the platform run when a loop never blocks (G22)", async ({ clock }) => {
    let immediate = false;
    setImmediate(() => (immediate = true));
    await taskGroup(
      async (group) => {
        while (!immediate) await group.checkpoint();
      },
      { clock },
    );
  });
});

describe("testClock({ autojump: false })", () => {
  scenario("moves by advance() alone, and resolves it when all that follows has run", async () => {
    const clock = testClock({ autojump: false });
    const trace: string[] = [];
    const call = taskGroup(
      async (group) => {
        for (const ms of [10, 20, 30]) {
          await sleepUntil(ms, group);
          trace.push(`${ms} at ${group.now()}`);
          await group.checkpoint();
        }
      },
      { clock },
    );
    await quiet();
    assert.deepEqual(trace, []);
    await clock.advance(9.999);
    assert.deepEqual(trace, []);
    await clock.advance(0.001);
    assert.deepEqual(trace, ["10 at 10"]);
    await clock.advance(100);
    assert.deepEqual(trace, ["10 at 10", "20 at 20", "30 at 30"]);
    assert.equal(clock.now(), 110);
    await call;
  });

  scenario("fires in advance() what is armed during it and comes due within it", async () => {
    const clock = testClock({ autojump: false });
    const beats: number[] = [];
    const call = moveOnAfter(
      55,
      async (scope) => {
        for (;;) {
          await sleep(10, scope);
          beats.push(scope.now());
        }
      },
      { clock },
    );
    await clock.advance(100);
    assert.deepEqual(beats, [10, 20, 30, 40, 50]);
    await call;
  });

  scenario("advance(0) runs what is ready, and moves nothing", async () => {
    const clock = testClock({ autojump: false });
    let ready = false;
    const call = taskGroup((group) => group.checkpoint().then(() => (ready = true)), { clock });
    await clock.advance(0);
    assert.equal(ready, true);
    assert.equal(clock.now(), 0);
    await call;
  });

  for (const ms of [Number.NaN, -1, Infinity]) {
    scenario(`advance(${ms}) rejects with a RangeError`, async () => {
      isA(await thrownBy(testClock({ autojump: false }).advance(ms)), RangeError);
    });
  }
});
