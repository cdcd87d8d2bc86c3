/** Cases of topic S: what a shield keeps out, and what it does not. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, moveOnAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup, TimeoutError } from "espalier";
import { gate, isA, quiet, same, scenario, thrownBy } from "./case.ts";

const FELL_BACK = "the fallback";

/** Runs `body` in a scope that the body may cancel, around which nothing is cancelled. */
const inCancelScope = (clock: Parameters<Parameters<typeof scenario>[1]>[0]["clock"], body: (scope: CancelScope) => unknown): Promise<unknown> =>
  moveOnAfter(Infinity, body, { clock, fallback: FELL_BACK });

describe("S01: an outer cancellation", () => {
  for (const when of ["before the shield", "inside the shield", "by its deadline, inside the shield"] as const) {
    scenario(`S01: ${when}: the shielded work completes, and the first operation after it throws`, async ({ clock }) => {
      const log: string[] = [];
      const value = await inCancelScope(clock, async (outer) => {
        if (when === "before the shield") outer.cancel();
        if (when === "by its deadline, inside the shield") outer.reschedule(10);
        const given = await outer.shield(async (shield) => {
          if (when === "inside the shield") outer.cancel();
          await sleep(100, shield);
          log.push("the shielded work");
          return "its value";
        });
        log.push(given);
        await sleep(1, outer);
        log.push("a line that must not run");
      });
      assert.equal(value, FELL_BACK);
      assert.deepEqual(log, ["the shielded work", "its value"]);
      assert.equal(clock.now(), 100);
    });
  }

  scenario("S01: a shield in a task keeps out the failure of a sibling", async ({ clock }) => {
    const E = new Error("E");
    const log: string[] = [];
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.spawn(async (scope) => {
            await scope.shield((shield) => sleep(100, shield));
            log.push("the shielded work");
            await sleep(1, scope);
            log.push("a line that must not run");
          });
          group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)));
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
    assert.deepEqual(log, ["the shielded work"]);
    assert.equal(clock.now(), 100);
  });
});

describe("S02: a shield's own cancel()", () => {
  for (const first of [true, false]) {
    scenario(`S02: reaches it${first ? ", also when an outer scope was cancelled before" : ""}, and is thrown as the CancelledError`, async ({ clock }) => {
      await inCancelScope(clock, async (outer) => {
        if (first) outer.cancel("outer");
        const error = await thrownBy(
          outer.shield(
            async (shield) => {
              shield.cancel("its own");
              assert.equal(shield.cancelled, true);
              await sleep(10, shield);
            },
            { name: "shield" },
          ),
        );
        const { source, reason, by } = isA(error, CancelledError);
        assert.deepEqual({ source, reason, by }, { source: "explicit", reason: "its own", by: "shield" });
      });
    });
  }
});

describe("S03: time limits in a shield", () => {
  scenario("S03: its own timeout cuts it short with a TimeoutError", async ({ clock }) => {
    await inCancelScope(clock, async (outer) => {
      outer.cancel();
      const error = isA(await thrownBy(outer.shield((shield) => sleep(1_000, shield), { timeout: 50 })), TimeoutError);
      assert.equal(error.ms, 50);
      assert.equal(error.cause.source, "deadline");
      assert.equal(clock.now(), 50);
    });
  });

  scenario("S03: a failAfter opened inside fires on its own schedule", async ({ clock }) => {
    await inCancelScope(clock, async (outer) => {
      outer.cancel();
      await outer.shield(async (shield) => {
        isA(await thrownBy(shield.failAfter(30, (inner) => sleep(1_000, inner))), TimeoutError);
        assert.equal(clock.now(), 30);
        await sleep(5, shield);
      });
    });
  });

  scenario("S03: a moveOnAfter opened inside moves on", async ({ clock }) => {
    await inCancelScope(clock, async (outer) => {
      outer.cancel();
      const value = await outer.shield((shield) => shield.moveOnAfter(30, (inner) => sleepForever(inner), { fallback: "moved on" }));
      assert.equal(value, "moved on");
      assert.equal(clock.now(), 30);
    });
  });

  scenario("S03: a timeout that is not needed leaves nothing behind, undefined and Infinity are none", async ({ clock }) => {
    await inCancelScope(clock, async (outer) => {
      for (const timeout of [1_000, Infinity, undefined]) {
        const value = await outer.shield((shield) => sleep(10, shield).then(() => shield.deadline), { timeout });
        assert.equal(value, clock.now() - 10 + (timeout ?? Infinity));
      }
    });
  });
});

scenario("S04: scopes inside the shield can be cancelled on their own", async ({ clock }) => {
  await inCancelScope(clock, async (outer) => {
    outer.cancel();
    await outer.shield(async (shield) => {
      const value = await shield.moveOnAfter(
        Infinity,
        (inner) => {
          inner.cancel();
          return sleep(10, inner);
        },
        { fallback: "absorbed by itself" },
      );
      assert.equal(value, "absorbed by itself");
      await sleep(1, shield);
    });
  });
});

scenario("S11: in the finally of a cancelled region a shield has no deadline and is not cancelled; after it the scope still is", async ({ clock }) => {
  const seen: unknown[] = [];
  const look = (scope: Scope): void => void seen.push([scope.deadline, scope.cancelled, scope.reason?.source, scope.signal.aborted]);
  await moveOnAfter(
    10,
    async (outer) => {
      try {
        await sleep(1_000, outer);
      } finally {
        look(outer);
        await outer.shield(async (shield) => {
          look(shield);
          await sleep(10, shield);
          look(shield);
        });
        look(outer);
      }
    },
    { clock },
  );
  const cancelled = [-Infinity, true, "deadline", true];
  const free = [Infinity, false, undefined, false];
  assert.deepEqual(seen, [cancelled, free, free, cancelled]);
});

scenario("S12: after a cancel two shields in a row both complete, and the first unshielded wait throws", async ({ clock }) => {
  const log: number[] = [];
  const value = await inCancelScope(clock, async (outer) => {
    outer.cancel();
    for (let n = 0; n < 2; n++) log.push(await outer.shield((shield) => sleep(10, shield).then(() => clock.now())));
    await outer.checkpoint();
    log.push(NaN);
  });
  assert.equal(value, FELL_BACK);
  assert.deepEqual(log, [10, 20]);
});

describe("S15: no orphan", () => {
  scenario("S15: the call of a shield waits for its body, whatever was cancelled around it", async ({ clock }) => {
    const peer = gate();
    let settled = false;
    const call = inCancelScope(clock, async (outer) => {
      outer.cancel();
      await outer.shield(() => peer.promise);
    }).finally(() => (settled = true));
    await quiet();
    assert.equal(settled, false);
    peer.open();
    await call;
  });

  scenario("S15: an error of the shielded body surfaces and beats the cancellation", async ({ clock }) => {
    const F = new Error("F");
    const error = await thrownBy(
      inCancelScope(clock, async (outer) => {
        outer.cancel();
        await outer.shield(async (shield) => {
          await sleep(10, shield);
          throw F;
        });
      }),
    );
    assert.equal(error, F);
  });
});

describe("S06: a shield is fixed at creation", () => {
  scenario("S06: moving its deadline does not let an outer cancellation in", async ({ clock }) => {
    await inCancelScope(clock, async (outer) => {
      outer.cancel();
      await outer.shield(
        async (shield) => {
          for (const deadline of [50, Infinity, 500]) {
            shield.reschedule(deadline);
            assert.equal(shield.cancelled, false);
            await sleep(10, shield);
          }
        },
        { timeout: 100 },
      );
    });
  });

  scenario("S06: moving its deadline makes no shield of another scope", async ({ clock }) => {
    const value = await inCancelScope(clock, async (outer) => {
      await outer.moveOnAfter(10, async (inner) => {
        inner.reschedule(Infinity);
        outer.cancel();
        assert.equal(inner.cancelled, true);
        await sleep(1, inner);
      });
    });
    assert.equal(value, FELL_BACK);
  });

  scenario("S06: tasks of a group in a shield are shielded with it, a shield in a task of it is one of its own", async ({ clock }) => {
    const log: string[] = [];
    const value = await inCancelScope(clock, async (outer) => {
      await outer.shield((shield) =>
        shield.group(async (group) => {
          group.spawn((scope) => sleep(20, scope).then(() => log.push("task")));
          group.spawn((scope) => scope.shield((own) => sleep(40, own)).then(() => log.push("shield in a task")));
          outer.cancel();
          await sleep(30, group);
          group.cancel();
        }),
      );
      log.push("after");
      await outer.checkpoint();
    });
    assert.equal(value, FELL_BACK);
    assert.deepEqual(log, ["task", "shield in a task", "after"]);
  });
});
