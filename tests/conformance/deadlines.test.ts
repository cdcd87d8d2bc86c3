/** Cases of topic D: time limits, moved, nested and passed. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, failAfter, moveOnAfter, type Scope, sleep, TaskGroupError, taskGroup, TimeoutError } from "espalier";
import { isA, same, scenario, thrownBy } from "./case.ts";

const E = new Error("E");
const F = new Error("F");

describe("D01: moveOnAfter", () => {
  scenario("D01: gives undefined when the time is up", async ({ clock }) => {
    assert.equal(await moveOnAfter(1_000, (scope) => sleep(10_000, scope), { clock }), undefined);
    assert.equal(clock.now(), 1_000);
  });

  for (const fallback of ["fallback", 0, null, false, "", undefined]) {
    scenario(`D01: gives the fallback ${JSON.stringify(fallback)}`, async ({ clock }) => {
      const value: unknown = await moveOnAfter(1_000, (scope) => sleep(10_000, scope), { clock, fallback });
      assert.equal(value, fallback);
      assert.equal(clock.now(), 1_000);
    });
  }

  scenario("D01: gives the body's value when it is in time, fallback or not", async ({ clock }) => {
    const value = await moveOnAfter(1_000, (scope) => sleep(999, scope).then(() => "in time"), { clock, fallback: "fallback" });
    assert.equal(value, "in time");
  });
});

describe("D02: a limit that has passed already", () => {
  for (const ms of [0, -1, -Infinity]) {
    scenario(`D02: failAfter(${ms}) starts its body, whose first wait throws`, async ({ clock }) => {
      const log: unknown[] = [];
      const error = await thrownBy(
        failAfter(
          ms,
          async (scope) => {
            log.push("started", scope.cancelled, scope.deadline);
            await sleep(10, scope);
            log.push("a line that must not run");
          },
          { clock },
        ),
      );
      isA(error, TimeoutError);
      assert.deepEqual(log, ["started", true, -Infinity]);
    });

    scenario(`D02: moveOnAfter(${ms}) likewise, and gives the fallback`, async ({ clock }) => {
      let started = false;
      const value = await moveOnAfter(
        ms,
        (scope) => {
          started = true;
          return scope.checkpoint();
        },
        { clock, fallback: "fallback" },
      );
      assert.equal(value, "fallback");
      assert.equal(started, true);
    });

    scenario(`D02: a body that never waits gives its value within ${ms} ms`, async ({ clock }) => {
      assert.equal(await failAfter(ms, () => "value", { clock }), "value");
      assert.equal(await moveOnAfter(ms, async () => "value", { clock }), "value");
    });
  }

  scenario("D02: a deadline that is moved into the past before the first wait is one, too", async ({ clock }) => {
    const error = await thrownBy(
      failAfter(
        1_000,
        (scope) => {
          scope.reschedule(scope.now() - 1);
          return sleep(1, scope);
        },
        { clock },
      ),
    );
    isA(error, TimeoutError);
    assert.equal(clock.now(), 0);
  });
});

scenario('D04: failAfter throws a TimeoutError with the ms, caused by the CancelledError of source "deadline"', async ({ clock }) => {
  let reason: CancelledError | undefined;
  const error = isA(
    await thrownBy(
      failAfter(
        250,
        async (scope) => {
          await sleep(1_000, scope).finally(() => (reason = scope.reason));
        },
        { clock, name: "lookup" },
      ),
    ),
    TimeoutError,
  );
  assert.equal(error.ms, 250);
  assert.equal(error.cause, reason);
  assert.deepEqual([error.cause.source, error.cause.by], ["deadline", "lookup"]);
  assert.equal(error instanceof CancelledError, false);
  assert.equal(clock.now(), 250);
});

scenario("D06: Infinity is no limit, and reads as Infinity", async ({ clock }) => {
  for (const open of [failAfter<number>, moveOnAfter<number>]) {
    const value = await open(
      Infinity,
      async (scope) => {
        assert.equal(scope.deadline, Infinity);
        await sleep(2 ** 40, scope);
        return scope.deadline;
      },
      { clock },
    );
    assert.equal(value, Infinity);
  }
});

scenario("D12: of moveOnAfter(100) around moveOnAfter(1000) the outer gives its fallback, and the code after the inner is skipped", async ({ clock }) => {
  const log: string[] = [];
  const value = await moveOnAfter(
    100,
    async (outer) => {
      log.push(await outer.moveOnAfter(1_000, (inner) => sleep(10_000, inner).then(() => "slept"), { fallback: "the inner's" }));
      return "the outer's body";
    },
    { clock, fallback: "the outer's" },
  );
  assert.equal(value, "the outer's");
  assert.deepEqual(log, []);
  assert.equal(clock.now(), 100);
});

scenario("D14: deadline is the earliest of the scope and its unshielded ancestors", async ({ clock }) => {
  const seen: Record<string, number> = {};
  await failAfter(
    1_000,
    async (outer) => {
      seen["outer"] = outer.deadline;
      await outer.failAfter(5_000, async (later) => {
        seen["a later one inside"] = later.deadline;
        await later.group(async (group) => {
          seen["a group in it"] = group.deadline;
          await group.spawn((scope) => void (seen["a task in that"] = scope.deadline)).join(group);
        });
        await later.moveOnAfter(200, (earlier) => void (seen["an earlier one inside"] = earlier.deadline));
      });
      await outer.shield(async (shield) => {
        seen["a shield"] = shield.deadline;
        await shield.failAfter(7_000, (inner) => void (seen["a limit in a shield"] = inner.deadline));
      });
      await outer.shield((shield) => void (seen["a shield with a timeout"] = shield.deadline), { timeout: 9_000 });
      outer.cancel();
      seen["a cancelled one"] = outer.deadline;
    },
    { clock },
  );
  assert.deepEqual(seen, {
    outer: 1_000,
    "a later one inside": 1_000,
    "a group in it": 1_000,
    "a task in that": 1_000,
    "an earlier one inside": 200,
    "a shield": Infinity,
    "a limit in a shield": 7_000,
    "a shield with a timeout": 9_000,
    "a cancelled one": -Infinity,
  });
});

describe("D17: what the body throws itself", () => {
  scenario("D17: before the deadline, E comes out as it is", async ({ clock }) => {
    assert.equal(await thrownBy(failAfter(100, () => Promise.reject(E), { clock })), E);
    assert.equal(await thrownBy(moveOnAfter(100, () => Promise.reject(E), { clock, fallback: "fallback" })), E);
  });

  for (const open of ["failAfter", "moveOnAfter"] as const) {
    scenario(`D17: F, thrown in a finally because of the timeout, comes out of ${open}; the reason is readable there`, async ({ clock }) => {
      let source: string | undefined;
      const body = async (scope: Scope): Promise<void> => {
        try {
          await sleep(1_000, scope);
        } finally {
          source = scope.reason?.source;
          // oxlint-disable-next-line no-unsafe-finally -- it is what this case is about
          throw F;
        }
      };
      assert.equal(await thrownBy(open === "failAfter" ? failAfter(100, body, { clock }) : moveOnAfter(100, body, { clock })), F);
      assert.equal(source, "deadline");
    });
  }
});

scenario("D20: the TimeoutError of a failAfter in a group's body, not caught, gives [TimeoutError]", async ({ clock }) => {
  const error = await thrownBy(taskGroup((group) => group.failAfter(10, (scope) => sleep(1_000, scope)), { clock }));
  const [timeout] = isA(error, TaskGroupError).errors as unknown[];
  assert.equal(isA(timeout, TimeoutError).ms, 10);
});

scenario("D22: the TimeoutError of an inner failAfter is an ordinary error for an enclosing moveOnAfter", async ({ clock }) => {
  let inner: unknown;
  const error = await thrownBy(
    moveOnAfter(
      1_000,
      async (outer) => {
        inner = await thrownBy(outer.failAfter(10, (scope) => sleep(500, scope)));
        throw inner;
      },
      { clock, fallback: "fallback" },
    ),
  );
  assert.equal(error, isA(inner, TimeoutError));
});

scenario("D26: on the real clock, sleeps and deadlines never fire early by scope.now()", async () => {
  await taskGroup(async (group) => {
    for (const ms of [1, 2, 3.7, 5]) {
      const due = group.now() + ms;
      await group.all([
        async (scope) => {
          await sleep(ms, scope);
          assert.ok(scope.now() >= due, "a sleep ended early");
        },
        async (scope) => {
          await scope.moveOnAfter(ms, (limited) => sleep(10_000, limited));
          assert.ok(scope.now() >= due, "a deadline fired early");
        },
      ]);
    }
  });
});

scenario("D03: a body that swallows the deadline's CancelledError and returns gives its value", async ({ clock }) => {
  const swallow = async (scope: CancelScope): Promise<string> => {
    await sleep(1_000, scope).catch(() => {});
    return "value";
  };
  assert.equal(await failAfter(100, swallow, { clock }), "value");
  assert.equal(await moveOnAfter(100, swallow, { clock, fallback: "fallback" }), "value");
});

scenario("D07: NaN is a RangeError, and the body does not start", async ({ clock }) => {
  const body = (): never => assert.fail("started");
  isA(await thrownBy(failAfter(NaN, body, { clock })), RangeError);
  isA(await thrownBy(moveOnAfter(NaN, body, { clock })), RangeError);
  await taskGroup(
    async (group) => {
      isA(await thrownBy(group.failAfter(NaN, body)), RangeError);
      isA(await thrownBy(group.moveOnAfter(NaN, body)), RangeError);
      isA(await thrownBy(group.shield(body, { timeout: NaN })), RangeError);
      isA(await thrownBy(sleep(NaN, group)), RangeError);
      isA(await thrownBy(() => group.reschedule(NaN)), RangeError);
      assert.equal(group.deadline, Infinity);
    },
    { clock },
  );
});

scenario("D01: the values of two limits that end together do not mix", async ({ clock }) => {
  const values = await taskGroup(
    (group) => group.all([(a) => a.moveOnAfter(10, (s) => sleep(20, s), { fallback: "a" }), (b) => b.moveOnAfter(10, (s) => sleep(20, s), { fallback: "b" })]),
    { clock },
  );
  same(values, ["a", "b"]);
});
