/** A: all, allSettled, race, any, map. Each cancels what it does not need any more, and waits for it. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, allSettled, any, CancelledError, map, MisuseError, moveOnAfter, race, type Scope, sleepForever, suppressed, type TaskFunction, taskGroup, TaskGroupError } from "espalier";
import { isA, quiet, same, scenario, thrownBy } from "./case.ts";
import { after, cleaning, failing } from "./tasks.ts";

describe("A01: results come in the order of the input", () => {
  scenario("A01: … of all()", async ({ clock }) => {
    assert.deepEqual(await all([after(30, "a"), after(20, "b"), after(10, "c")], { clock }), ["a", "b", "c"]);
    assert.equal(clock.now(), 30);
  });
  scenario("A01: … of map()", async ({ clock }) => {
    assert.deepEqual(await map([30, 20, 10], (ms, scope) => after(ms, ms)(scope), { clock }), [30, 20, 10]);
    assert.equal(clock.now(), 30);
  });
  scenario("A01: … of allSettled()", async ({ clock }) => {
    const E = new Error("E");
    assert.deepEqual(await allSettled([after(30, "a"), failing(10, E)], { clock }), [
      { status: "fulfilled", value: "a" },
      { status: "rejected", reason: E },
    ]);
  });
});

describe("A02: the first failure cancels the others, is thrown when they have ended, and carries what else failed", () => {
  const [E, F] = [new Error("E"), new Error("F")];
  type Combine = (functions: TaskFunction<unknown>[], scope: Scope) => Promise<unknown>;
  const combinators: Record<string, Combine> = {
    "all()": (functions, scope) => scope.all(functions),
    "map()": (functions, scope) => scope.map(functions, (fn, own) => fn(own)),
    "race()": (functions, scope) => scope.race(functions),
  };
  for (const [name, combine] of Object.entries(combinators)) {
    scenario(`A02: … ${name}`, async ({ clock }) => {
      const steps: string[] = [];
      await moveOnAfter(
        1_000,
        async (scope) => {
          const error = await thrownBy(combine([cleaning(20, () => steps.push("first")), failing(10, E), cleaning(40, () => steps.push("third"), F)], scope));
          assert.equal(error, E);
          same(suppressed(error), [F]);
          assert.deepEqual(steps, ["first", "third"]);
          assert.equal(scope.now(), 50);
          assert.equal(scope.cancelled, false);
        },
        { clock },
      );
    });

    scenario(`A02: … ${name}: where the first failure is a primitive it can carry nothing, so a TaskGroupError of all is thrown`, async ({ clock }) => {
      for (const primitive of ["text", undefined, null, 0]) {
        await moveOnAfter(
          1_000,
          async (scope) => {
            const error = await thrownBy(combine([failing(10, primitive), cleaning(1, () => {}, F)], scope));
            same(isA(error, TaskGroupError).errors, [primitive, F]);
            same([await thrownBy(combine([failing(10, primitive)], scope))], [primitive]);
          },
          { clock },
        );
      }
    });

    scenario(`A02: … ${name}: a first failure that cannot be written to comes in a TaskGroupError of all`, async ({ clock }) => {
      const frozen = Object.freeze(new Error("frozen"));
      await moveOnAfter(
        1_000,
        async (scope) => same(isA(await thrownBy(combine([failing(10, frozen), cleaning(1, () => {}, F)], scope)), TaskGroupError).errors, [frozen, F]),
        { clock },
      );
    });

    scenario(`A02: … ${name}: the same object thrown twice counts once`, async ({ clock }) => {
      const once = new Error("once");
      await moveOnAfter(
        1_000,
        async (scope) => {
          const error = await thrownBy(combine([failing(10, once), cleaning(1, () => {}, once)], scope));
          assert.equal(error, once);
          same(suppressed(error), []);
        },
        { clock },
      );
    });

    scenario(`A02: … ${name}: an outer cancellation is thrown as itself, when all have ended`, async ({ clock }) => {
      const steps: string[] = [];
      const fallback = await moveOnAfter(
        10,
        async (scope) => {
          const error = await thrownBy(combine([cleaning(20, () => steps.push("first")), cleaning(40, () => steps.push("second"))], scope));
          assert.equal(error, scope.reason);
          assert.deepEqual(steps, ["first", "second"]);
          throw error;
        },
        { clock, fallback: "absorbed" },
      );
      assert.equal(fallback, "absorbed");
      assert.equal(clock.now(), 50);
    });

    scenario(`A02: … ${name}: a real error beats an outer cancellation (G7)`, async ({ clock }) => {
      const error = await thrownBy(moveOnAfter(10, (scope) => combine([sleepForever, cleaning(5, () => {}, F)], scope), { clock, fallback: "absorbed" }));
      assert.equal(error, F);
    });
  }
});

scenario("A03: allSettled() cancels nobody on a failure, and records every slot, cancelled ones included", async ({ clock }) => {
  const E = new Error("E");
  await taskGroup(
    async (group) => {
      const cancelling: TaskFunction<never> = (scope) =>
        scope.failAfter(Infinity, (own) => {
          own.cancel("own");
          return sleepForever(own);
        });
      const records = await group.allSettled([failing(10, E), after(30, "value"), cancelling, () => "sync"]);
      const cancelled = records[2];
      assert.deepEqual(records, [
        { status: "rejected", reason: E },
        { status: "fulfilled", value: "value" },
        { status: "rejected", reason: cancelled.status === "rejected" ? cancelled.reason : undefined },
        { status: "fulfilled", value: "sync" },
      ]);
      assert.equal(isA(cancelled.status === "rejected" && cancelled.reason, CancelledError).reason, "own");
      assert.equal(group.now(), 30);
      assert.equal(group.cancelled, false);
    },
    { clock },
  );
});

describe("A08: no functions, no items", () => {
  scenario("A08: … all([]), allSettled([]) and map([]) give []", async ({ clock }) => {
    async function* nothing(): AsyncGenerator<never> {}
    assert.deepEqual(await all([], { clock }), []);
    assert.deepEqual(await allSettled([], { clock }), []);
    assert.deepEqual(await map([], () => assert.fail("called"), { clock }), []);
    assert.deepEqual(await map(nothing(), () => assert.fail("called"), { clock }), []);
  });

  scenario('A08: … race([]) rejects with MisuseError "EMPTY", any([]) with a TaskGroupError without errors', async ({ clock }) => {
    assert.equal(isA(await thrownBy(race([], { clock })), MisuseError).code, "EMPTY");
    same(isA(await thrownBy(any([], { clock })), TaskGroupError).errors, []);
    await taskGroup(
      async (group) => {
        assert.equal(isA(await thrownBy(group.race([])), MisuseError).code, "EMPTY");
        same(isA(await thrownBy(group.any([])), TaskGroupError).errors, []);
      },
      { clock },
    );
  });
});

describe("A13: any() gives the first success; losers are cancelled and waited for", () => {
  scenario("A13: … failures before it are tolerated", async ({ clock }) => {
    const steps: string[] = [];
    const value = await any([failing(5, new Error("E")), cleaning(20, () => steps.push("loser ended")), after(10, "won")], { clock });
    assert.equal(value, "won");
    assert.deepEqual(steps, ["loser ended"]);
    assert.equal(clock.now(), 30);
  });

  scenario("A13: … all fail: a TaskGroupError of all, in the order of failure", async ({ clock }) => {
    const [E, F, G] = [new Error("E"), new Error("F"), new Error("G")];
    const error = await thrownBy(any([failing(30, E), failing(10, F), failing(20, G)], { clock }));
    same(isA(error, TaskGroupError).errors, [F, G, E]);
  });

  scenario("A13: … also a single one, and primitives", async ({ clock }) => {
    same(isA(await thrownBy(any([failing(1, undefined)], { clock })), TaskGroupError).errors, [undefined]);
  });

  scenario("A13: … an outer cancellation before a success is thrown as itself", async ({ clock }) => {
    const fallback = await moveOnAfter(10, (scope) => scope.any([failing(5, new Error("E")), sleepForever]), { clock, fallback: "absorbed" });
    assert.equal(fallback, "absorbed");
  });
});

describe("race() gives the first to settle", () => {
  scenario("a value: the losers are cancelled and waited for", async ({ clock }) => {
    const steps: string[] = [];
    const value = await race([cleaning(20, () => steps.push("loser ended")), after(10, "won"), after(30, "late")], { clock });
    assert.equal(value, "won");
    assert.deepEqual(steps, ["loser ended"]);
    assert.equal(clock.now(), 30);
  });

  scenario("a failure, though another would have succeeded later", async ({ clock }) => {
    const E = new Error("E");
    assert.equal(await thrownBy(race([after(20, "late"), failing(10, E)], { clock })), E);
    assert.equal(clock.now(), 10);
  });

  scenario("that has settled at once, first in the list first", async ({ clock }) => {
    assert.equal(await race([() => "first", () => "second"], { clock }), "first");
    assert.equal(await race([async () => "first", () => "sync"], { clock }), "sync");
  });
});

describe("a real error in the cleanup of a loser is thrown", () => {
  const F = new Error("F");
  const roots = { "race()": race, "any()": any } as const;
  for (const [name, root] of Object.entries(roots)) {
    scenario(`… of ${name}, and the winner's value is discarded`, async ({ clock }) => {
      const discarded: unknown[] = [];
      const error = await thrownBy(root([cleaning(1, () => {}, F), after(10, "won")], { clock, discard: (value) => discarded.push(value) }));
      assert.equal(error, F);
      assert.deepEqual(discarded, ["won"]);
    });

    scenario(`… of ${name}: of several the first, which carries the others`, async ({ clock }) => {
      const G = new Error("G");
      const error = await thrownBy(root([cleaning(2, () => {}, F), cleaning(1, () => {}, G), after(10, "won")], { clock }));
      assert.equal(error, G);
      same(suppressed(error), [F]);
    });

    scenario(`… of ${name}: what a loser throws before it is cancelled, in the turn of the win, is one too`, async ({ clock }) => {
      const late: TaskFunction<never> = (scope) => sleepForever(scope).catch(() => Promise.reject(F));
      assert.equal(await thrownBy(root([() => "won", late], { clock })), F);
    });
  }
});

describe("discard gets every value that is not returned, and is awaited", () => {
  /** Succeeds with `value` although it was cancelled. */
  const stubborn =
    <T>(value: T): TaskFunction<T> =>
    (scope) =>
      sleepForever(scope).catch(() => value);
  const roots = { "race()": race, "any()": any } as const;
  for (const [name, root] of Object.entries(roots)) {
    scenario(`… of ${name}: a loser's value, never the winner's`, async ({ clock }) => {
      const discarded: string[] = [];
      const value = await root([stubborn("second connection"), after(10, "won"), stubborn("third connection")], {
        clock,
        discard: async (connection) => {
          discarded.push(`closing ${connection}`);
          await quiet();
          discarded.push(`closed ${connection}`);
        },
      });
      assert.equal(value, "won");
      assert.deepEqual(discarded, ["closing second connection", "closed second connection", "closing third connection", "closed third connection"]);
    });

    scenario(`… of ${name}: undefined is a value too`, async ({ clock }) => {
      const discarded: unknown[] = [];
      await root([after(10, "won"), stubborn(undefined)], { clock, discard: (value) => discarded.push(value) });
      assert.deepEqual(discarded, [undefined]);
    });

    scenario(`… of ${name}: its own failure is thrown, and the winner's value discarded then`, async ({ clock }) => {
      const F = new Error("F");
      const discarded: unknown[] = [];
      const error = await thrownBy(
        root([stubborn("second"), after(10, "won")], {
          clock,
          discard: (value) => {
            discarded.push(value);
            if (value === "second") throw F;
          },
        }),
      );
      assert.equal(error, F);
      assert.deepEqual(discarded, ["second", "won"]);
    });

    scenario(`… of ${name}: an outer cancellation leaves nobody a winner: all values are discarded`, async ({ clock }) => {
      const discarded: unknown[] = [];
      const fallback = await moveOnAfter(10, (scope) => scope[name === "race()" ? "race" : "any"]([stubborn("a"), sleepForever], { discard: (value) => discarded.push(value) }), {
        clock,
        fallback: "absorbed",
      });
      assert.equal(fallback, "absorbed");
      assert.deepEqual(discarded, ["a"]);
    });

    scenario(`… of ${name}: its own failure beats an outer cancellation (G7)`, async ({ clock }) => {
      const F = new Error("F");
      const call = moveOnAfter(10, (scope) => scope[name === "race()" ? "race" : "any"]([stubborn("a"), sleepForever], { discard: () => Promise.reject(F) }), {
        clock,
        fallback: "absorbed",
      });
      assert.equal(await thrownBy(call), F);
    });
  }
});
