/** Cases of topic D about reschedule(): moving a deadline, before and after it matters. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, failAfter, MisuseError, moveOnAfter, sleep, taskGroup, TimeoutError } from "espalier";
import { isA, scenario, thrownBy } from "./case.ts";
import { StalledClock } from "./stalled-clock.ts";

describe("D08: moving a deadline", () => {
  scenario("D08: later, before it expires, prevents the cancellation", async ({ clock }) => {
    const value = await failAfter(
      100,
      async (scope) => {
        assert.equal(scope.deadline, 100);
        await sleep(50, scope);
        scope.reschedule(scope.now() + 500);
        assert.equal(scope.deadline, 550);
        await sleep(400, scope);
        return "value";
      },
      { clock },
    );
    assert.equal(value, "value");
    assert.equal(clock.now(), 450);
  });

  scenario("D08: into the past cancels at the next operation and at all later ones", async ({ clock }) => {
    const value = await moveOnAfter(
      100,
      async (scope) => {
        scope.reschedule(scope.now() - 1);
        for (let n = 0; n < 3; n++) {
          const error = await thrownBy(scope.checkpoint());
          assert.equal(isA(error, CancelledError).source, "deadline");
          assert.equal(error, scope.reason);
        }
        await sleep(1, scope);
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
    assert.equal(clock.now(), 0);
  });

  scenario("D08: earlier interrupts what waits already, at the new time", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const value = group.moveOnAfter(10_000, async (scope) => {
          group.spawn((own) => sleep(30, own).then(() => scope.reschedule(70)));
          await sleep(5_000, scope);
        });
        assert.equal(await value, undefined);
        assert.equal(clock.now(), 70);
      },
      { clock },
    );
  });

  scenario("D08: to Infinity lifts the limit, and back gives one again", async ({ clock }) => {
    const error = await thrownBy(
      failAfter(
        100,
        async (scope) => {
          scope.reschedule(Infinity);
          assert.equal(scope.deadline, Infinity);
          await sleep(1_000, scope);
          scope.reschedule(1_100);
          await sleep(1_000, scope);
        },
        { clock },
      ),
    );
    isA(error, TimeoutError);
    assert.equal(clock.now(), 1_100);
  });

  scenario("D08: a scope without a limit of its own can be given one", async ({ clock }) => {
    const value = await moveOnAfter(
      Infinity,
      (scope) => {
        scope.reschedule(20);
        return sleep(1_000, scope);
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
    assert.equal(clock.now(), 20);
  });
});

for (const why of ["expired", "cancelled"] as const) {
  scenario(`D09: moving the deadline of a scope that was ${why} does not un-cancel it`, async ({ clock }) => {
    const value = await moveOnAfter(
      100,
      async (scope) => {
        if (why === "cancelled") scope.cancel();
        await thrownBy(sleep(1_000, scope));
        const { reason } = scope;
        for (const deadline of [scope.now() + 1_000, Infinity]) {
          scope.reschedule(deadline);
          assert.equal(scope.cancelled, true);
          assert.equal(scope.deadline, -Infinity);
          assert.equal(await thrownBy(sleep(1, scope)), reason);
        }
        await scope.checkpoint();
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
  });
}

scenario("D09: moving a deadline that has passed, unseen as yet, does not un-cancel", async () => {
  const clock = new StalledClock();
  const value = await moveOnAfter(
    10,
    async (scope) => {
      clock.block(10);
      scope.reschedule(1_000);
      assert.equal(scope.cancelled, true);
      assert.equal(scope.deadline, -Infinity);
      await scope.checkpoint();
    },
    { clock, fallback: "fallback" },
  );
  assert.equal(value, "fallback");
});

scenario("D09: the same for the deadline of an ancestor", async () => {
  const clock = new StalledClock();
  const value = await moveOnAfter(
    10,
    (outer) =>
      outer.failAfter(50, async (inner) => {
        clock.block(20);
        outer.reschedule(Infinity);
        await inner.checkpoint();
      }),
    { clock, fallback: "fallback" },
  );
  assert.equal(value, "fallback");
});

scenario("D14: moving an ancestor's deadline moves what its descendants read, up to a shield", async ({ clock }) => {
  await failAfter(
    1_000,
    (outer) =>
      outer.failAfter(500, async (inner) => {
        await inner.shield((shield) => {
          for (const [moved, outers, inners] of [
            [2_000, 2_000, 500],
            [300, 300, 300],
            [Infinity, Infinity, 500],
          ] as const) {
            outer.reschedule(moved);
            assert.deepEqual([outer.deadline, inner.deadline, shield.deadline], [outers, inners, Infinity]);
          }
          inner.reschedule(Infinity);
          assert.equal(inner.deadline, Infinity);
        });
      }),
    { clock },
  );
});

scenario('D11: reschedule() after the scope ended throws MisuseError "SCOPE_ENDED"', async ({ clock }) => {
  const scopes: CancelScope[] = [];
  await failAfter(100, (scope) => void scopes.push(scope), { clock });
  await moveOnAfter(0, (scope) => (scopes.push(scope), scope.checkpoint()), { clock });
  scopes.push(await taskGroup((group) => group, { clock }));
  for (const scope of scopes) assert.equal(isA(await thrownBy(() => scope.reschedule(Infinity)), MisuseError).code, "SCOPE_ENDED");
});
