/** G5: who absorbs a cancellation: by identity, the outermost cancelled scope whose ancestors, up to a shield, are not cancelled. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, failAfter, moveOnAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { ending, gate, isA, same, scenario, thrownBy } from "../case.ts";

/**
 * Three cancel scopes 1 ⊃ 2 ⊃ 3, perhaps with a shield around 2 or 3. Some of them are cancelled in some order while 3 waits;
 * each then waits once more after the call it made. The expectation is the sentence of G5, and nothing else.
 */
describe("G5: of nested scopes", () => {
  const levels = [1, 2, 3] as const;
  const orders = levels.flatMap((a) => [[a], ...levels.flatMap((b) => (b === a ? [] : [[a, b], ...levels.filter((c) => c !== a && c !== b).map((c) => [a, b, c])]))]);

  for (const shielded of [undefined, 2, 3]) {
    /** The levels that a wait in `level` hears of. */
    const heard = (level: number): number[] => levels.filter((one) => one <= level && (shielded === undefined || one >= shielded || level < shielded));

    for (const order of orders) {
      const title = `G5: ${order.join(", then ")} cancelled${shielded === undefined ? "" : `, with a shield around ${shielded}`}`;
      scenario(title, async ({ clock }) => {
        const calls: Record<number, string> = {};
        const scopes: Record<number, CancelScope> = {};
        const inside = async (level: number, scope: CancelScope): Promise<string> => {
          scopes[level] = scope;
          if (level < 3) await (level + 1 === shielded ? scope.shield((shield) => open(level + 1, shield)) : open(level + 1, scope));
          else {
            const wait = ending(sleep(1, scope));
            for (const one of order) scopes[one]!.cancel(one);
            await wait;
          }
          await scope.checkpoint();
          return "value";
        };
        const open = async (level: number, parent: Scope): Promise<string> => {
          const call = parent.moveOnAfter(Infinity, (scope) => inside(level, scope), { fallback: "absorbed", name: String(level) });
          const end = await ending(call);
          calls[level] = "value" in end ? end.value : "passed on";
          if ("error" in end) assert.equal(end.error, parent.reason, "what is passed on is the cancellation of whom it is passed to");
          return call;
        };
        await taskGroup((group) => open(1, group), { clock });

        for (const level of levels) {
          const by = heard(level).find((one) => (order as number[]).includes(one));
          const expected = by === undefined ? "value" : by === level ? "absorbed" : "passed on";
          assert.equal(calls[level], expected, `the call that opened ${level}`);
        }
      });
    }
  }
});

describe("G5: by identity, not by type", () => {
  /** Made in a scope that nobody cancelled, for `thrower`. */
  const foreigners: Record<string, (scope: Scope, thrower: Scope) => Promise<unknown>> = {
    "the CancelledError of a scope that has ended": async (scope) => {
      let kept: unknown;
      await scope.moveOnAfter(Infinity, async (inner) => {
        inner.cancel();
        kept = await thrownBy(inner.checkpoint());
      });
      return kept;
    },
    "the CancelledError of a sibling task": (scope) =>
      scope.group(async (group) => {
        const task = group.spawn(sleepForever);
        task.cancel();
        return thrownBy(task.join(group));
      }),
    "the CancelledError that a foreign signal caused": () => thrownBy(sleep(1, { signal: AbortSignal.abort() })),
    "a CancelledError that somebody made": async () => new CancelledError("explicit", "nobody"),
    "an abort error whose cause is another reason": async () => Object.assign(new Error("aborted", { cause: new Error("other") }), { name: "AbortError" }),
    "the TimeoutError of the platform": async () => new DOMException("timed out", "TimeoutError"),
    "an error that has the scope's CancelledError as its cause but is no abort error": async (_, thrower) => new Error("fetch failed", { cause: thrower.reason }),
  };

  for (const [what, make] of Object.entries(foreigners)) {
    for (const cancelled of [false, true]) {
      scenario(`G5: ${what} is an ordinary error, ${cancelled ? "also in a cancelled scope" : "in a scope that is not cancelled"}`, async ({ clock }) => {
        let thrown: unknown;
        const error = await thrownBy(
          moveOnAfter(
            Infinity,
            async (scope) => {
              if (cancelled) scope.cancel();
              thrown = await scope.shield((shield) => make(shield, scope));
              throw thrown;
            },
            { clock, fallback: "fallback" },
          ),
        );
        assert.equal(error, thrown);
      });
    }
  }

  scenario("G5: a platform's abort error without a cause is an ordinary error where nobody cancelled", async ({ clock }) => {
    const abort = new DOMException("aborted", "AbortError");
    assert.equal(await thrownBy(moveOnAfter(10, () => Promise.reject(abort), { clock })), abort);
    assert.equal(await thrownBy(failAfter(10, () => Promise.reject(abort), { clock })), abort);
    same(isA(await thrownBy(taskGroup(() => Promise.reject(abort), { clock })), TaskGroupError).errors, [abort]);
  });

  scenario("G5: inside a shield it is one too, though the scope around is cancelled", async ({ clock }) => {
    const abort = new DOMException("aborted", "AbortError");
    const value = await moveOnAfter(
      Infinity,
      async (outer) => {
        outer.cancel();
        assert.equal(await thrownBy(outer.shield((shield) => shield.moveOnAfter(10, () => Promise.reject(abort)))), abort);
        same(isA(await thrownBy(outer.shield((shield) => shield.group(() => Promise.reject(abort)))), TaskGroupError).errors, [abort]);
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, undefined);
  });

  scenario("G5: the CancelledError that a call gave for its own cancel() is ordinary for the scopes around", async ({ clock }) => {
    let thrown: unknown;
    const calls: ((scope: Scope) => Promise<unknown>)[] = [
      (scope) => scope.failAfter(1_000, (inner) => (inner.cancel(), inner.checkpoint())),
      (scope) => scope.shield((inner) => (inner.cancel(), inner.checkpoint())),
      (scope) => scope.group((inner) => (inner.cancel(), inner.checkpoint())),
    ];
    for (const call of calls) {
      const body = async (scope: Scope): Promise<never> => {
        thrown = isA(await thrownBy(call(scope)), CancelledError);
        throw thrown;
      };
      assert.equal(await thrownBy(moveOnAfter(10, body, { clock, fallback: "fallback" })), thrown);
      same(isA(await thrownBy(taskGroup(body, { clock })), TaskGroupError).errors, [thrown]);
      same(isA(await thrownBy(taskGroup((group) => void group.spawn(body), { clock })), TaskGroupError).errors, [thrown]);
    }
  });
});

describe("G5: a cancellation from beyond a shield", () => {
  const throughs: Record<string, (shield: Scope, outer: Scope) => Promise<unknown>> = {
    "the shield's function": (_, outer) => outer.checkpoint(),
    "a time limit in the shield": (shield, outer) => shield.failAfter(10, () => outer.checkpoint()),
    "a cancelled scope in the shield": (shield, outer) => shield.moveOnAfter(10, (inner) => (inner.cancel(), outer.checkpoint())),
    "a group's body in the shield": (shield, outer) => shield.group(() => outer.checkpoint()),
    "a task in the shield": (shield, outer) => shield.group((group) => void group.spawn(() => outer.checkpoint())),
    "all() in the shield": (shield, outer) => shield.all([() => outer.checkpoint()]),
  };
  for (const [what, through] of Object.entries(throughs)) {
    scenario(`G5: goes on through ${what} to the scope whose it is`, async ({ clock }) => {
      const value = await moveOnAfter(
        Infinity,
        async (outer) => {
          outer.cancel();
          assert.equal(await thrownBy(outer.shield((shield) => through(shield, outer))), outer.reason);
          await outer.checkpoint();
        },
        { clock, fallback: "absorbed" },
      );
      assert.equal(value, "absorbed");
    });
  }
});

describe("G5: tasks", () => {
  scenario("G5: a task absorbs its own cancel(), and its group and siblings go on", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => scope.group((inner) => void inner.spawn((leaf) => leaf.failAfter(1_000, sleepForever))));
        task.cancel();
        const outcome = await task.settled(group);
        assert.equal(outcome.status, "cancelled");
        await sleep(1, group);
      },
      { clock },
    );
  });

  scenario("G5: cancelled by itself and then with its group, a task passes nothing on", async ({ clock }) => {
    const value = await taskGroup(
      (group) => {
        const task = group.spawn(sleepForever);
        task.cancel("the task's");
        group.cancel("the group's");
        return task;
      },
      { clock },
    );
    assert.ok(value.outcome?.status === "cancelled");
    assert.equal(value.outcome.reason.reason, "the task's");
  });

  scenario("G5: a scope of one task, thrown by another task outside of it, is an error there", async ({ clock }) => {
    const cut = gate<unknown>();
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.spawn((scope) => scope.moveOnAfter(Infinity, async (inner) => {
            inner.cancel();
            cut.open(await thrownBy(inner.checkpoint()));
            await inner.checkpoint();
          }));
          group.spawn(async () => {
            throw await cut.promise;
          });
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [await cut.promise]);
  });
});
