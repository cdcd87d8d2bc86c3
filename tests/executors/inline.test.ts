/** What only the executor in this thread does: it shares the time and the tree of its callers. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type Scope, sleep, taskGroup, TimeoutError } from "espalier";
import { contextVariable } from "espalier/context";
import { inline, openInlinePool, work } from "espalier/executor";
import { observed } from "espalier/lowlevel";
import { isA, quiet, same, scenario, thrownBy } from "../conformance/case.ts";
import { echo, forever, sleeps } from "./works.ts";

const user = contextVariable<string>("user", { default: "nobody" });
const late: string[] = [];
/** Declared here: inline nothing is imported, so it need not be exported. */
const whoIs = work(import.meta, "whoIs", async (_: void, scope) => {
  try {
    await sleep(10, scope);
  } finally {
    late.push(user.get(scope));
  }
  return user.get(scope);
});
const scopeOf = work(import.meta, "scopeOf", (_: void, scope): Scope => scope);
const deaf = work(import.meta, "deaf", async (ms: number, scope) => scope.shield((own) => sleep(ms, own)));
const long = work(import.meta, "long", (ms: number) => {
  const over = performance.now() + ms;
  while (performance.now() < over);
});

for (const clone of [false, true]) {
  describe(clone ? "inline, cloned, on a test clock" : "inline, on a test clock", () => {
    scenario("sleeps take no time, calls run side by side, and each has its value", async ({ clock }) => {
      const pool = openInlinePool({ clone });
      await taskGroup(async (group) => {
        assert.deepEqual(await Promise.all([3_000, 1_000, 2_000].map((ms) => pool.run(sleeps, ms, group))), [3_000, 1_000, 2_000]);
        assert.equal(group.now(), 3_000);
      }, { clock });
    });

    scenario("with a size they wait for one another", async ({ clock }) => {
      const pool = openInlinePool({ clone, size: 1, perWorker: 2 });
      await taskGroup(async (group) => {
        await Promise.all([1, 2, 3, 4, 5].map(() => pool.run(sleeps, 100, group)));
        assert.equal(group.now(), 300);
      }, { clock });
    });

    scenario("deadlines are exact, of a call that runs and of one that is queued", async ({ clock }) => {
      const pool = openInlinePool({ clone, size: 1 });
      await taskGroup(async (group) => {
        const running = group.spawn((scope) => thrownBy(scope.failAfter(1_000, (own) => pool.run(forever, undefined, own))));
        const queued = group.spawn((scope) => thrownBy(scope.failAfter(500, (own) => pool.run(forever, undefined, own))));
        same([isA(await queued.join(group), TimeoutError).ms, group.now()], [500, 500]);
        same([isA(await running.join(group), TimeoutError).ms, group.now()], [1_000, 1_000]);
      }, { clock });
    });
  });
}

describe("inline", () => {
  scenario("a work is in the tree below its call, and has the values that hold there", async ({ clock }) => {
    await taskGroup(async (group) => {
      assert.equal(await user.run("ada", (scope) => inline.run(whoIs, undefined, scope), group), "ada");
      assert.equal(await inline.run(whoIs, undefined, group), "nobody");
      const scope = await inline.run(scopeOf, undefined, group);
      const above: unknown[] = [];
      for (let at = observed(scope); at !== undefined; at = at.owner) above.push(at);
      assert.ok(above.includes(observed(group)));
    }, { clock });
  });

  scenario("abandoned, it is in the tree of nobody, and has its values still", async ({ clock }) => {
    const pool = openInlinePool();
    late.length = 0;
    await taskGroup(async (group) => {
      const call = group.moveOnAfter(5, (scope) => user.run("ada", (own) => pool.run(whoIs, undefined, own, { whenCancelled: "abandon" }), scope), { fallback: "gone" });
      assert.equal(await call, "gone");
      same([group.now(), pool.statistics().abandoned], [5, 1]);
      await quiet();
      assert.deepEqual(late, ["ada"]);
    }, { clock });
  });

  scenario("an abandoned work goes on in its time, when its caller's group is over", async ({ clock }) => {
    const pool = openInlinePool();
    await taskGroup((group) => group.moveOnAfter(5, (scope) => pool.run(deaf, 1_000, scope, { whenCancelled: "abandon" })), { clock });
    same([clock.now(), pool.statistics().abandoned], [5, 1]);
    await pool.close();
    same([clock.now(), pool.statistics().abandoned], [1_000, 0]);
  });

  scenario(`"terminate" waits, as "wait" does: nothing ends what runs in this thread`, async ({ clock }) => {
    const pool = openInlinePool();
    await taskGroup(async (group) => {
      assert.equal(await group.moveOnAfter(5, (scope) => pool.run(deaf, 1_000, scope, { whenCancelled: "terminate", grace: 1 })), undefined);
      assert.equal(group.now(), 1_000);
    }, { clock });
  });

  scenario("what is passed is the very thing, a function too; so is what is thrown", async () => {
    const E = new Error("E");
    const throws = work(import.meta, "throws", (error: unknown) => {
      throw error;
    });
    const fn = (): void => {};
    await taskGroup(async (group) => {
      assert.equal(await inline.run(echo, fn, group), fn);
      assert.equal(await thrownBy(inline.run(throws, E, group)), E);
    });
  });

  scenario("many long calls leave the event loop its turns (G22)", async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await taskGroup((group) => Promise.all(Array.from({ length: 30 }, () => inline.run(long, 2, group))));
    clearImmediate(immediate);
    assert.ok(turns >= 5, `${turns} turns`);
  });

  scenario("a call begins in a later microtask, and runs though nobody yields a turn", async () => {
    await taskGroup(async (group) => {
      const called = inline.run(cleansUpAtOnce, undefined, group);
      assert.equal(began, 0);
      await called;
      assert.equal(began, 1);
    });
  });

  scenario("cancelled with a group, each call in it is waited for", async ({ clock }) => {
    const cleaned: number[] = [];
    const cleans = work(import.meta, "cleans", async (ms: number, scope) => {
      try {
        await sleep(1_000_000, scope);
      } finally {
        await scope.shield((own) => sleep(ms, own));
        cleaned.push(ms);
      }
    });
    await taskGroup(async (group) => {
      const error = await thrownBy(group.group(async (own) => {
        for (const ms of [30, 10, 20]) own.spawn((scope) => inline.run(cleans, ms, scope));
        await sleep(5, own);
        own.cancel();
        await own.checkpoint();
      }));
      isA(error, CancelledError);
      assert.deepEqual([cleaned, group.now()], [[10, 20, 30], 35]);
    }, { clock });
  });

  scenario("options of its own are checked", () => {
    assert.throws(() => openInlinePool({ clone: "yes" as never }), TypeError);
    assert.throws(() => openInlinePool({ size: Number.NaN }), RangeError);
  });
});

let began = 0;
const cleansUpAtOnce = work(import.meta, "cleansUpAtOnce", () => void began++);
