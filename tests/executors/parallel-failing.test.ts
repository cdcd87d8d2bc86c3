/**
 * Chunks that fail, and chunks that are cancelled. With two that run, two more are with the workers: these may begin before
 * anybody can take them back, and are cancelled then.
 */
import assert from "node:assert/strict";
import { CancelledError, moveOnAfter, suppressed, taskGroup } from "espalier";
import { parallelFor, parallelMap, parallelReduce, sharedArray } from "espalier/executor";
import { gate, isA, same, scenario, thrownBy } from "../conformance/case.ts";
import { onEach } from "./executors.ts";
import * as works from "./parallel-works.ts";
import { Broken } from "./works.ts";

onEach((on) => {
  scenario("the first failure is thrown as it is; the other chunks are cancelled and waited for, and the rest never begins", async () => {
    const begun: number[] = [];
    const two = gate();
    const pool = on.open({ size: 2 });
    const offers = [
      works.reached.by(async (from) => {
        begun.push(from);
        if (begun.length === 2) two.open();
        await two.promise;
        return from === 0 ? "fail" : "wait";
      }),
    ];
    await taskGroup(async (group) => {
      const error = isA(await thrownBy(parallelFor(works.obeys, { to: 1_000 }, group, { on: pool, offers })), Broken);
      assert.equal(error.message, "at 0");
      same(suppressed(error), []);
    });
    assert.ok(begun.length <= 4, `${begun.length} chunks began`);
    assert.equal(pool.statistics().running, 0);
    await pool.close();
  });

  scenario("what fails in the cleanup of the others is suppressed by the first", async () => {
    let begun = 0;
    const two = gate();
    const offers = [
      works.reached.by(async (from) => {
        if (++begun === 2) two.open();
        await two.promise;
        return from === 0 ? "fail" : "wait";
      }),
    ];
    await taskGroup(async (group) => {
      const error = isA(await thrownBy(parallelFor(works.breaks, { to: 1_000 }, group, { on: on.shared, offers })), Broken);
      assert.equal(error.message, "first");
      const others = suppressed(error).map((other) => isA(other, Broken).message);
      assert.ok(others.length >= 1 && others.length <= 3 && others.every((message) => message === "later"), others.join());
    });
  });

  scenario("an item that fails ends a map, and the failure is that of the work", async () => {
    await taskGroup(async (group) => {
      const error = isA(await thrownBy(parallelMap(works.refuses, Array.from({ length: 100 }, (_, n) => n), group, { on: on.shared })), Broken);
      same([error.message, error.details], ["at 40", 40]);
    });
  });

  scenario("a combine that fails ends a reduction", async () => {
    const E = new Error("E");
    await taskGroup(async (group) => {
      const thrown = await thrownBy(parallelReduce(works.spell, { to: 100 }, (): string => { throw E; }, "", group, { on: on.shared }));
      assert.equal(thrown, E);
    });
  });

  scenario("cancelled between two chunks, it ends with those that run, and the rest never begins", async () => {
    const begun: number[] = [];
    const given = await moveOnAfter(Infinity, async (scope) => {
      const offers = [
        works.reached.by((from) => {
          begun.push(from);
          if (begun.length === 5) scope.cancel("enough");
        }),
      ];
      const error = await thrownBy(parallelFor(works.obeys, { to: 1_000 }, scope, { on: on.shared, offers, chunk: 10 }));
      assert.equal(isA(error, CancelledError).reason, "enough");
      const after = begun.length;
      isA(await thrownBy(parallelMap(works.back, [1], scope, { on: on.shared })), CancelledError);
      assert.equal(begun.length, after);
      throw error;
    }, { fallback: "cancelled" });
    assert.equal(given, "cancelled");
    assert.ok(begun.length >= 5 && begun.length <= 7, `${begun.length} chunks began`);
  });

  scenario("a busy chunk that looks at its scope is cancelled, though no message can arrive", async () => {
    if (on.isHere || !on.sharesMemory) return;
    const shared = sharedArray(Int32Array, 1);
    const given = await moveOnAfter(Infinity, (scope) =>
      scope.group(async (group) => {
        group.spawn((own) => parallelFor(works.spins, { to: 100, shared }, own, { on: on.shared }));
        for (let seen = 0; seen < 2; seen = Atomics.load(shared, 0)) await new Promise((resolve) => void setImmediate(resolve));
        scope.cancel();
      }), { fallback: "cancelled" });
    assert.equal(given, "cancelled");
    assert.equal(shared[0], 2);
  });
});
