/** C: what is cancelled while it cleans up. Waits throw at once, shields let cleanup finish, and callers wait for it. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, failAfter, moveOnAfter, type Scope, sleep, sleepForever, suppressed, taskGroup, TaskGroupError, TimeoutError } from "espalier";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "./case.ts";

scenario("C01: a wait in the finally of a cancelled region throws at once", async ({ clock }) => {
  let reason: CancelledError | undefined;
  const error = await thrownBy(
    failAfter(
      100,
      async (scope) => {
        try {
          await sleepForever(scope);
        } finally {
          reason = scope.reason;
          assert.equal(await thrownBy(sleep(10_000, scope)), reason);
          assert.equal(scope.now(), 100);
          await sleep(10_000, scope);
          assert.fail("a wait of a cancelled region ended well");
        }
      },
      { clock },
    ),
  );
  assert.equal(isA(error, TimeoutError).cause, reason);
  assert.equal(clock.now(), 100);
});

describe("C02: cleanup in a shield", () => {
  scenario("C02: … completes, then the original CancelledError goes on", async ({ clock }) => {
    const steps: unknown[] = [];
    const fallback = await moveOnAfter(
      100,
      async (scope) => {
        try {
          await sleepForever(scope);
        } catch (error) {
          await scope.shield(async (shield) => {
            await sleep(50, shield);
            steps.push(shield.now());
          }, { timeout: 1_000 });
          assert.equal(error, scope.reason);
          throw error;
        }
      },
      { clock, fallback: "absorbed" },
    );
    assert.equal(fallback, "absorbed");
    assert.deepEqual(steps, [150]);
    assert.equal(clock.now(), 150);
  });

  scenario("C02: … is cut at its own timeout; in a finally its TimeoutError beats the cancellation", async ({ clock }) => {
    const error = await thrownBy(
      moveOnAfter(
        100,
        async (scope) => {
          try {
            await sleepForever(scope);
          } finally {
            await scope.shield(sleepForever, { timeout: 30, name: "goodbye" });
          }
        },
        { clock, fallback: "absorbed" },
      ),
    );
    const { ms, message } = isA(error, TimeoutError);
    assert.equal(ms, 30);
    assert.match(message, /goodbye/);
    assert.equal(clock.now(), 130);
  });

  scenario("C02: … is cut at its own timeout; where that is caught, the original CancelledError goes on", async ({ clock }) => {
    const fallback = await moveOnAfter(
      100,
      async (scope) => {
        try {
          await sleepForever(scope);
        } finally {
          await ending(scope.shield(sleepForever, { timeout: 30 }));
        }
      },
      { clock, fallback: "absorbed" },
    );
    assert.equal(fallback, "absorbed");
    assert.equal(clock.now(), 130);
  });
});

scenario("C04: a cancelled task that catches its CancelledError and returns has succeeded, and its group throws nothing", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const task = group.spawn(async (scope) => {
        await ending(sleepForever(scope));
        return 42;
      });
      task.cancel();
      assert.deepEqual(await task.settled(group), { status: "succeeded", value: 42 });
      assert.equal(task.status, "succeeded");
      assert.equal(await task.join(group), 42);
    },
    { clock },
  );
});

scenario("C05: a task that swallows its CancelledError and goes on waiting is thrown at each time, and its group ends", async ({ clock }) => {
  const caught = new Set<unknown>();
  let rounds = 0;
  let reason: unknown;
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        group.spawn(async (scope) => {
          for (; rounds < 100; rounds++) {
            const end = await ending(rounds % 2 === 0 ? sleep(1_000, scope) : scope.checkpoint());
            if ("error" in end) caught.add(end.error);
          }
        });
        await sleep(10, group);
        group.cancel();
        reason = group.reason;
        await group.checkpoint();
      },
      { clock },
    ),
  );
  assert.equal(error, reason);
  assert.equal(rounds, 100);
  same(caught, [reason]);
  assert.equal(clock.now(), 10);
});

describe("C06: whoever opened a scope waits until its function has ended, though nothing can interrupt what it awaits (G1)", () => {
  type Opens = (scope: Scope, body: () => Promise<string>) => Promise<unknown>;
  const openers: Record<string, [Opens, expected: unknown]> = {
    "a group's body": [(scope, body) => scope.group(body), "late"],
    "a group's task": [(scope, body) => scope.group((group) => group.spawn(body).settled()), { status: "succeeded", value: "late" }],
    "failAfter()": [(scope, body) => scope.failAfter(10, body), "late"],
    "moveOnAfter()": [(scope, body) => scope.moveOnAfter(10, body), "late"],
    "shield() with a timeout": [(scope, body) => scope.shield(body, { timeout: 10 }), "late"],
    "all()": [(scope, body) => scope.all([body]), ["late"]],
    "race(), for the loser": [(scope, body) => scope.race([body, () => "won"]), "won"],
    "any(), for the loser": [(scope, body) => scope.any([body, () => "won"]), "won"],
    "map()": [(scope, body) => scope.map([1], body), ["late"]],
  };
  for (const [name, [open, expected]] of Object.entries(openers)) {
    scenario(`C06: … ${name}`, async ({ clock }) => {
      const foreign = gate<string>();
      let isSettled = false;
      const end = ending(
        moveOnAfter(
          Infinity,
          async (scope) => {
            const inner = ending(open(scope, () => foreign.promise)).then((ended) => {
              isSettled = true;
              return ended;
            });
            await ending(sleep(100, scope));
            scope.cancel();
            await quiet();
            assert.equal(isSettled, false, "returned before its function had ended");
            foreign.open("late");
            return inner;
          },
          { clock },
        ),
      );
      const ended = await end;
      assert.ok("value" in ended);
      const inner = ended.value;
      // An outer cancellation that interrupted nothing changes no value: the next wait will throw.
      assert.deepEqual(inner, { value: expected });
    });
  }
});

describe("C06: what is thrown after the wait", () => {
  scenario("C06: … a TimeoutError comes when the foreign promise has settled, and not before", async ({ clock }) => {
    const foreign = gate();
    let settled = false;
    const call = ending(
      failAfter(
        10,
        async (scope) => {
          await ending(sleepForever(scope));
          await foreign.promise;
          await scope.checkpoint();
        },
        { clock },
      ),
    ).finally(() => (settled = true));
    await quiet();
    await clock.advance(1_000);
    assert.equal(settled, false);
    foreign.open();
    const end = await call;
    assert.ok("error" in end && end.error instanceof TimeoutError);
  });

  scenario("C06: … a failure that cleanup meets joins the failure that caused it, in the order of failure", async ({ clock }) => {
    const [E, F] = [new Error("E"), new Error("F")];
    const foreign = gate();
    const call = thrownBy(
      taskGroup(
        (group) => {
          group.spawn(async (scope) => {
            await ending(sleepForever(scope));
            await foreign.promise;
          });
          group.spawn(() => Promise.reject(E));
        },
        { clock },
      ),
    );
    await quiet();
    foreign.fail(F);
    const error = isA(await call, TaskGroupError);
    same(error.errors, [E, F]);
    same(suppressed(error), []);
  });
});
