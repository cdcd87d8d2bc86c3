/** What every scope has in hand: `onCancel` and its signal (G19), and what it shows of itself. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type CancelledError, failAfter, MisuseError, moveOnAfter, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { ending, isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("onCancel() (G19)", () => {
  scenario("calls its handlers once, in order of registration, with the reason, inside cancel()", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        const calls: [string, CancelledError][] = [];
        for (const name of ["first", "second", "third"]) scope.onCancel((reason) => calls.push([name, reason]));
        scope.cancel("enough");
        assert.deepEqual(calls.map(([name]) => name), ["first", "second", "third"]);
        same(calls.map(([, reason]) => reason), Array.from({ length: 3 }, () => scope.reason));
        scope.cancel("again");
        assert.equal(calls.length, 3);
      },
      { clock },
    );
  });

  scenario("registers the same function twice as two handlers", async ({ clock }) => {
    let calls = 0;
    const handler = (): void => void calls++;
    await moveOnAfter(
      Infinity,
      (scope) => {
        scope.onCancel(handler);
        scope.onCancel(handler)[Symbol.dispose]();
        scope.cancel();
        assert.equal(calls, 1);
      },
      { clock },
    );
  });

  scenario("calls the handler at once where the scope is cancelled already, also by a deadline that has passed", async ({ clock }) => {
    await moveOnAfter(
      -1,
      (scope) => {
        const reasons: unknown[] = [];
        scope.onCancel((reason) => reasons.push(reason));
        same(reasons, [scope.reason]);
        assert.equal(scope.reason?.source, "deadline");
      },
      { clock },
    );
  });

  scenario("hears the cancellation of an ancestor, and none through a shield", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      (outer) =>
        outer.shield((shield) =>
          outer.failAfter(Infinity, (inner) => {
            const heard: string[] = [];
            inner.onCancel(() => heard.push("inner"));
            shield.onCancel(() => heard.push("shield"));
            outer.cancel();
            assert.deepEqual(heard, ["inner"]);
          }),
        ),
      { clock },
    );
  });

  scenario("forgets the handler when its registration is disposed of, also by an earlier handler", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      (scope) => {
        const calls: string[] = [];
        scope.onCancel(() => later[Symbol.dispose]());
        const later = scope.onCancel(() => calls.push("disposed of by the first"));
        scope.onCancel(() => calls.push("stays"));
        scope.cancel();
        assert.deepEqual(calls, ["stays"]);
      },
      { clock },
    );
  });

  scenario("calls a handler that a handler registers", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      (scope) => {
        const calls: string[] = [];
        scope.onCancel(() => {
          calls.push("outer");
          scope.onCancel(() => calls.push("inner"));
        });
        scope.cancel();
        assert.deepEqual(calls, ["outer", "inner"]);
      },
      { clock },
    );
  });

  scenario("calls nothing when the scope ends without a cancellation", async ({ clock }) => {
    await taskGroup((group) => void group.onCancel(() => assert.fail("called")), { clock });
    await failAfter(10, (scope) => void scope.onCancel(() => assert.fail("called")), { clock });
  });

  const failures: Record<string, (error: Error) => () => unknown> = {
    "throws": (error) => () => {
      throw error;
    },
    "rejects": (error) => () => Promise.reject(error),
  };
  for (const [how, fail] of Object.entries(failures)) {
    scenario(`reports a handler that ${how} as the platform reports a listener's error: it stops neither the others nor cancel()`, async ({ clock, takeReports }) => {
      const E = new Error("E");
      const calls: string[] = [];
      const fallback = await moveOnAfter(
        Infinity,
        async (scope) => {
          scope.onCancel(() => calls.push("before"));
          scope.onCancel(fail(E));
          scope.onCancel(() => calls.push("after"));
          scope.cancel();
          await scope.checkpoint();
        },
        { clock, fallback: "absorbed" },
      );
      assert.equal(fallback, "absorbed");
      assert.deepEqual(calls, ["before", "after"]);
      const reports = await takeReports();
      assert.deepEqual(reports.map(({ event }) => event), ["uncaughtException"]);
      assert.equal(reports[0]?.error, E);
    });
  }

  scenario("reports the failure of a handler that is called at once, and does not throw it", async ({ clock, takeReports }) => {
    const E = new Error("E");
    await moveOnAfter(
      -1,
      (scope) =>
        void scope.onCancel(() => {
          throw E;
        }),
      { clock },
    );
    const [report] = await takeReports();
    assert.equal(report?.error, E);
  });

  scenario("sees everything that the cancellation reaches as cancelled, and every wait released (N23)", async ({ clock }) => {
    await taskGroup(
      (outer) =>
        outer.moveOnAfter(Infinity, async (scope) => {
          const seen: boolean[] = [];
          const below: Scope[] = [];
          const inner = ending(
            scope.group((group) => {
              below.push(group, scope);
              group.spawn((own) => {
                below.push(own);
                return sleepForever(own);
              });
            }),
          );
          const look = (): unknown => seen.push(...below.flatMap((one) => [one.cancelled, one.signal.aborted]));
          for (const one of below) {
            one.onCancel(look);
            one.signal.addEventListener("abort", look);
          }
          scope.cancel();
          assert.equal(seen.length, 2 * 3 * 6);
          assert.ok(seen.every((one) => one));
          await inner;
        }),
      { clock },
    );
  });

  scenario("throws a TypeError where it gets no function, and SCOPE_ENDED when the scope has ended", async ({ clock }) => {
    let kept!: Scope;
    await taskGroup(
      async (group) => {
        kept = group;
        isA(await thrownBy(() => group.onCancel(42 as never)), TypeError);
      },
      { clock },
    );
    assert.equal(isA(await thrownBy(() => kept.onCancel(() => assert.fail("called"))), MisuseError).code, "SCOPE_ENDED");
  });
});

describe("the signal of a scope", () => {
  scenario("is the only own enumerable property, always the same, and survives a spread", async ({ clock }) => {
    const look = async (scope: Scope): Promise<void> => {
      assert.deepEqual(Object.keys(scope), ["signal"]);
      assert.equal({ ...scope }.signal, scope.signal);
      assert.ok(scope.signal instanceof AbortSignal);
      assert.equal(Object.assign({}, scope).signal, scope.signal);
    };
    await taskGroup(
      async (group) => {
        group.spawn(look);
        group.spawn(look);
        await group.start(async (scope, started: () => void) => {
          await look(scope);
          started();
        }, group);
        await Promise.all([look(group), group.failAfter(10, look), group.moveOnAfter(10, look), group.shield(look), group.group(look)]);
        group.defer(look);
        await group.map([1], (_item, scope) => look(scope));
      },
      { clock },
    );
  });

  scenario("has the CancelledError itself as its reason, whether it was asked for before or after", async ({ clock }) => {
    for (const early of [true, false]) {
      await moveOnAfter(
        Infinity,
        (scope) => {
          if (early) assert.equal(scope.signal.aborted, false);
          scope.cancel();
          assert.equal(scope.signal.aborted, true);
          assert.equal(scope.signal.reason, scope.reason);
        },
        { clock },
      );
    }
  });

  scenario("carries any number of operations and children without a MaxListeners warning", async ({ clock }) => {
    await moveOnAfter(
      10,
      async (scope) => {
        void scope.signal;
        await scope.all(Array.from({ length: 100 }, () => sleepForever));
      },
      { clock },
    );
  });

  scenario("from outside gets one listener for any number of operations in the scope", async ({ clock, outside }) => {
    const outer = outside();
    await taskGroup(
      async (group) => {
        await group.all(Array.from({ length: 100 }, () => (scope: Scope) => sleep(1, scope)));
        assert.equal(outer.listeners, 1);
      },
      { clock, signal: outer.signal },
    );
    assert.equal(outer.added, 1);
  });
});

describe("what a scope shows of itself", () => {
  scenario("it can be read after its end, and cancel() does nothing then (G17)", async ({ clock }) => {
    await moveOnAfter(
      1_000,
      async (outer) => {
        let kept!: Parameters<Parameters<Scope["failAfter"]>[1]>[0];
        await outer.failAfter(50, (scope) => void (kept = scope), { name: "kept" });
        kept.cancel("late");
        assert.equal(kept.name, "kept");
        assert.equal(kept.cancelled, false);
        assert.equal(kept.reason, undefined);
        assert.equal(kept.signal.aborted, false);
        assert.equal(kept.now(), outer.now());
        assert.equal(typeof kept.deadline, "number");
      },
      { clock },
    );
  });

  scenario("its end is final: what happens to its ancestors afterwards does not reach it", async ({ clock }) => {
    let kept!: Scope;
    await moveOnAfter(
      Infinity,
      async (outer) => {
        await outer.group((group) => void (kept = group));
        outer.cancel();
        assert.equal(kept.cancelled, false);
        assert.equal(kept.signal.aborted, false);
      },
      { clock },
    );
  });

  const uses: Record<string, (scope: Scope & { reschedule(at: number): void }) => unknown> = {
    "throwIfCancelled()": (scope) => scope.throwIfCancelled(),
    "checkpoint()": (scope) => scope.checkpoint(),
    "wait()": (scope) => scope.wait(Promise.resolve()),
    "sleep()": (scope) => sleep(1, scope),
    "sleepForever()": (scope) => sleepForever(scope),
    "group()": (scope) => scope.group(() => assert.fail("called")),
    "failAfter()": (scope) => scope.failAfter(1, () => assert.fail("called")),
    "moveOnAfter()": (scope) => scope.moveOnAfter(1, () => assert.fail("called")),
    "shield()": (scope) => scope.shield(() => assert.fail("called")),
    "defer()": (scope) => scope.defer(() => assert.fail("called")),
    "all()": (scope) => scope.all([() => assert.fail("called")]),
    "allSettled()": (scope) => scope.allSettled([() => assert.fail("called")]),
    "race()": (scope) => scope.race([() => assert.fail("called")]),
    "any()": (scope) => scope.any([() => assert.fail("called")]),
    "map()": (scope) => scope.map([1], () => assert.fail("called")),
    "reschedule()": (scope) => scope.reschedule(1),
    "taskGroup() with its signal": (scope) => taskGroup(() => assert.fail("called"), scope),
  };
  for (const [name, use] of Object.entries(uses)) {
    const throws = ["throwIfCancelled()", "defer()", "reschedule()"].includes(name);
    scenario(`${name} after the end ${throws ? "throws" : "rejects with"} MisuseError "SCOPE_ENDED", which names the scope (G17)`, async ({ clock }) => {
      for (const cancelled of [false, true]) {
        let kept!: Parameters<Parameters<Scope["failAfter"]>[1]>[0];
        await moveOnAfter(
          Infinity,
          (scope) => {
            kept = scope;
            if (cancelled) scope.cancel();
          },
          { clock, name: "kept" },
        );
        let thrown: unknown;
        let promise: unknown;
        try {
          promise = use(kept);
        } catch (error) {
          thrown = error;
        }
        assert.equal(thrown !== undefined, throws);
        const { code, message } = isA(throws ? thrown : await thrownBy(promise as Promise<unknown>), MisuseError);
        assert.equal(code, "SCOPE_ENDED");
        assert.match(message, /"kept"/);
      }
    });
  }
});
