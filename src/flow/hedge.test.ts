/** `hedge` in depth: when an attempt begins, who wins, and what becomes of the others. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, type TaskFunction, TaskGroupError, taskGroup } from "espalier";
import { hedge } from "espalier/flow";
import { explore } from "espalier/testing";
import { isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** Takes `ms`, then gives its name, or throws `error`; writes down when it began and how it ended. */
const attempt =
  (name: string, ms: number, steps: string[], error?: unknown): TaskFunction<string> =>
  async (scope) => {
    steps.push(`${name} at ${scope.now()}`);
    try {
      await sleep(ms, scope);
    } catch (reason) {
      steps.push(`${name} cancelled at ${scope.now()}`);
      throw reason;
    }
    if (error !== undefined) throw error;
    return name;
  };

describe("hedge() begins an attempt", () => {
  scenario("each `delay` ms, until there is a value", async ({ clock }) => {
    const steps: string[] = [];
    const list = ["a", "b", "c", "d"].map((name) => attempt(name, name === "b" ? 15 : 1_000, steps));
    assert.equal(await failAfter(Infinity, (scope) => hedge(list, { delay: 10 }, scope), { clock }), "b");
    assert.deepEqual(steps.slice(0, 3), ["a at 0", "b at 10", "c at 20"]);
    assert.deepEqual(steps.slice(3).toSorted(), ["a cancelled at 25", "c cancelled at 25"]);
  });
  scenario("at once when the one before has failed", async ({ clock }) => {
    const steps: string[] = [];
    const list = [attempt("a", 3, steps, new Error("a")), attempt("b", 3, steps, new Error("b")), attempt("c", 3, steps)];
    assert.equal(await failAfter(Infinity, (scope) => hedge(list, { delay: 100 }, scope), { clock }), "c");
    assert.deepEqual(steps, ["a at 0", "b at 3", "c at 6"]);
  });
  scenario("only when the one before has failed, where the delay is endless; all at once, where it is 0", async ({ clock }) => {
    const steps: string[] = [];
    const list = [attempt("a", 500, steps), attempt("b", 1, steps)];
    await taskGroup(async (group) => {
      assert.equal(await hedge(list, { delay: Infinity }, group), "a");
      assert.equal(await hedge(list, { delay: 0 }, group), "b");
    }, { clock });
    assert.deepEqual(steps, ["a at 0", "a at 500", "b at 500", "a cancelled at 501"]);
  });
  scenario("of one function: as many as asked for, each with its number", async ({ clock }) => {
    const begun: number[] = [];
    const hang = async (scope: Scope, number: number): Promise<number> => {
      begun.push(number);
      await sleep(number === 3 ? 1 : 1_000, scope);
      return number;
    };
    await taskGroup(async (group) => {
      assert.equal(await hedge(hang, { delay: 10, attempts: 3 }, group), 3);
      assert.deepEqual(begun, [1, 2, 3]);
      begun.length = 0;
      await hedge(hang, { delay: 10 }, group);
      assert.deepEqual(begun, [1, 2]);
    }, { clock });
  });
});

describe("hedge() ends", () => {
  scenario("when the losers have ended; a real error in their cleanup is thrown", async ({ clock }) => {
    const F = new Error("F");
    const slow = (scope: Scope): Promise<never> => sleepForever(scope).catch(() => scope.shield((own) => sleep(30, own)).then(() => Promise.reject(F)));
    const error = await thrownBy(failAfter(Infinity, (scope) => hedge([slow, () => "fast"], { delay: 10 }, scope), { clock }));
    assert.equal(error, F);
    assert.equal(clock.now(), 40);
  });
  scenario("with all errors where all fail, in the order of failure", async ({ clock }) => {
    const [E, F] = [new Error("E"), new Error("F")];
    const steps: string[] = [];
    const error = await thrownBy(failAfter(Infinity, (scope) => hedge([attempt("a", 20, steps, E), attempt("b", 1, steps, F)], { delay: 5 }, scope), { clock }));
    same(isA(error, TaskGroupError).errors, [F, E]);
  });
  scenario("and gives every value that is not returned to discard", async ({ clock }) => {
    const discarded: unknown[] = [];
    const deaf = (scope: Scope): Promise<string> => scope.shield((own) => sleep(50, own).then(() => "late"));
    const value = await failAfter(Infinity, (scope) => hedge([deaf, () => "fast"], { delay: 10, discard: (one) => discarded.push(one) }, scope), { clock });
    assert.equal(value, "fast");
    assert.deepEqual(discarded, ["late"]);
  });
  scenario("by a cancellation: what was begun is cancelled and waited for, nothing else begins", async ({ clock }) => {
    const steps: string[] = [];
    await moveOnAfter(15, (scope) => hedge(["a", "b", "c"].map((name) => attempt(name, 1_000, steps)), { delay: 10 }, scope), { clock });
    assert.deepEqual(steps, ["a at 0", "b at 10", "a cancelled at 15", "b cancelled at 15"]);
  });
  scenario("at once in a cancelled scope, without a call", async ({ clock }) => {
    await moveOnAfter(0, async (scope) => assert.equal(await thrownBy(hedge([() => assert.fail("called")], { delay: 1 }, scope)), scope.reason), { clock });
  });
});

scenario("hedge() refuses bad arguments, and has no value without functions", async () => {
  await taskGroup(async (group) => {
    same(isA(await thrownBy(hedge([], { delay: 1 }, group)), TaskGroupError).errors, []);
    for (const delay of [-1, Number.NaN]) isA(await thrownBy(hedge(() => 1, { delay }, group)), RangeError);
    isA(await thrownBy(hedge(() => 1, { delay: 1, attempts: 0 }, group)), RangeError);
    isA(await thrownBy(hedge([Promise.resolve()] as never, { delay: 1 }, group)), TypeError);
    isA(await thrownBy(hedge(() => 1, { delay: 1 }, undefined as never)), TypeError);
  });
});

test("explored: no order and no cancellation of the caller leaves an attempt behind, or discards what was returned", async () => {
  await explore(
    async (group) => {
      let running = 0;
      const held = new Set<number>();
      const ask = async (scope: Scope, number: number): Promise<number> => {
        running++;
        try {
          for (let step = 0; step < 3; step++) await scope.checkpoint();
          held.add(number);
          return number;
        } finally {
          running--;
        }
      };
      const caller = group.spawn(async (scope) => {
        try {
          const number = await hedge(ask, { delay: 0, attempts: 3, discard: (one) => held.delete(one) }, scope);
          assert.deepEqual([...held], [number]);
        } finally {
          assert.equal(running, 0, "left behind");
        }
      });
      group.spawn(async (scope) => {
        await scope.checkpoint();
        await scope.checkpoint();
        caller.cancel();
      });
      await caller.settled(group);
      if (caller.status === "cancelled") assert.equal(held.size, 0, "kept, and returned to nobody");
    },
    { schedules: 3_000, seeds: 500 },
  );
});
