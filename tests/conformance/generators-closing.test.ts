/** Cases of generators, continued: who closes them, when, and who is told of what. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { leaves, openTaskGroup, type Scope, sleep, taskGroup, TimeoutError } from "espalier";
import { ClosedError } from "espalier/sync";
import { closing, iterate, safeIterate } from "espalier/flow";
import { gate, isA, same, scenario, thrownBy } from "./case.ts";
import { collect, count } from "./tasks.ts";

const [E, F] = [new Error("E"), new Error("F")];

describe("case G10: closing the items gives ClosedError to who asks, closes the generator, and is no error of the call", () => {
  const isClosed = async (call: Promise<unknown>): Promise<void> => assert.equal(isA(await thrownBy(call), ClosedError).code, "CLOSED");
  scenario("case G10: … before the first", async ({ clock }) => {
    const steps: unknown[] = [];
    await taskGroup((group) => safeIterate((scope) => count(scope, 3, steps), async (items) => {
      items.close();
      await isClosed(items.next());
    }, group), { clock });
    assert.deepEqual(steps, []);
  });
  scenario("case G10: … while one is waited for", async ({ clock }) => {
    const steps: unknown[] = [];
    await taskGroup((group) => safeIterate((scope) => count(scope, 3, steps), async (items) => {
      const waiting = items.next();
      items.close();
      await isClosed(waiting);
    }, group), { clock });
    assert.deepEqual(steps, ["finally"]);
  });
  scenario("case G10: … between two, twice", async ({ clock }) => {
    const steps: unknown[] = [];
    await taskGroup((group) => safeIterate((scope) => count(scope, 3, steps), async (items) => {
      await items.next();
      items.close();
      items.close();
      await isClosed(collect(items));
    }, group), { clock });
    assert.deepEqual(steps, ["finally"]);
  });
});

describe("case G11: several loops", () => {
  scenario("case G11: … over the same items get each once", async ({ clock }) => {
    await taskGroup(async (group) => {
      const given = await safeIterate((scope) => count(scope, 9), (items, scope) => scope.all([1, 2, 3].map(() => () => collect(items))), group);
      assert.deepEqual(given.flat().toSorted(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }, { clock });
  });
  scenario("case G11: … one after the other go on where the one before stopped", async ({ clock }) => {
    await taskGroup((group) => safeIterate((scope) => count(scope, 3), async (items) => {
      for await (const item of items) if (item === 1) break;
      assert.deepEqual(await collect(items), [2, 3]);
    }, group), { clock });
  });
  scenario("case G11: … nested, over two of them, are independent", async ({ clock }) => {
    const pairs: string[] = [];
    await taskGroup((group) => safeIterate((scope) => count(scope, 2), async (outer, scope) => {
      for await (const a of outer) {
        await safeIterate((own) => count(own, 2), async (inner) => {
          for await (const b of inner) pairs.push(`${a}${b}`);
        }, scope);
      }
    }, group), { clock });
    assert.deepEqual(pairs, ["11", "12", "21", "22"]);
  });
});

describe("case G12: a time limit for each item", () => {
  /** The wait is inside of the limit, the yield outside. */
  async function* limited<T>(items: AsyncIterable<T>, ms: number, scope: Scope): AsyncGenerator<T> {
    const source = iterate(items, scope);
    try {
      for (;;) {
        const step = await scope.failAfter(ms, (own) => source.next(own));
        if (step.done === true) return;
        yield step.value;
      }
    } finally {
      await source.return();
    }
  }
  scenario("case G12: … that passes while the generator is suspended at its yield does not touch who iterates", async ({ clock }) => {
    await taskGroup(async (group) => {
      const given: number[] = [];
      for await (const item of limited(count(group, 3), 10, group)) {
        await sleep(50, group);
        given.push(item);
      }
      assert.deepEqual(given, [1, 2, 3]);
    }, { clock });
  });
  scenario("case G12: … that passes while an item is waited for throws there, and loses no item", async ({ clock }) => {
    const late = gate<number>();
    const source = async function* (): AsyncGenerator<number> {
      yield 1;
      yield await late.promise;
    };
    await taskGroup(async (group) => {
      const items = iterate(source(), group);
      assert.equal((await items.next()).value, 1);
      isA(await thrownBy(group.failAfter(10, (own) => items.next(own))), TimeoutError);
      late.open(2);
      assert.equal((await items.next()).value, 2);
      assert.equal((await items.next()).done, true);
    }, { clock });
  });
});

scenario("case G13: a task of the generator that fails while who iterates is elsewhere is told at the next item, and nowhere else", async ({ clock }) => {
  const fanIn = async function* (scope: Scope): AsyncGenerator<string> {
    await using group = openTaskGroup(scope);
    group.spawn((own) => sleep(10, own).then(() => Promise.reject(E)));
    for (;;) {
      yield "item";
      await group.checkpoint();
    }
  };
  await taskGroup(async (group) => {
    let elsewhere = 0;
    const error = await thrownBy(safeIterate(fanIn, async (items, scope) => {
      for await (const _ of items) {
        await sleep(50, scope);
        elsewhere++;
      }
    }, group));
    assert.ok(leaves(error).includes(E));
    assert.equal(elsewhere, 1);
    assert.equal(group.cancelled, false);
  }, { clock });
});

describe("case G14: closing()", () => {
  const steps: string[] = [];
  const rows = async function* (name: string): AsyncGenerator<number> {
    try {
      yield* [1, 2, 3];
    } finally {
      await Promise.resolve();
      steps.push(`${name} closed`);
    }
  };
  scenario("case G14: … has run the generator's finally when the block is left", async () => {
    {
      await using open = closing(rows("a"));
      for await (const row of open) if (row === 2) break;
      await using halfway = closing(rows("b"));
      assert.equal((await halfway.next()).value, 1);
    }
    assert.deepEqual(steps.splice(0), ["a closed", "b closed"]);
  });
  scenario("case G14: … keeps the block's error beside the cleanup's", async () => {
    const failing = async function* (): AsyncGenerator<number> {
      try {
        yield 1;
      } finally {
        // eslint-disable-next-line no-unsafe-finally -- that is what is tested
        throw F;
      }
    };
    const error = await thrownBy(async () => {
      await using open = closing(failing());
      await open.next();
      throw E;
    });
    same(leaves(error), [E, F]);
  });
  scenario("case G14: … disposes once, and refuses what is no generator", async () => {
    const open = closing(rows("c"));
    await open.next();
    await open[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
    assert.deepEqual(steps.splice(0), ["c closed"]);
    assert.throws(() => closing(rows as never), TypeError);
  });
});

scenario("case G15: a generator that is stuck in a next() is cancelled first, then closed", async ({ clock }) => {
  const steps: string[] = [];
  const stuck = async function* (scope: Scope): AsyncGenerator<number> {
    try {
      yield 1;
      await scope.wait(new Promise<never>(() => {}));
    } finally {
      steps.push("finally");
    }
  };
  await taskGroup((group) => safeIterate(stuck, async (items, scope) => {
    await items.next();
    assert.equal(await scope.moveOnAfter(10, (own) => items.next(own), { fallback: "late" }), "late");
  }, group), { clock });
  assert.deepEqual(steps, ["finally"]);
});

scenario("case G18: a chain of a hundred generators is closed from the innermost to the outermost", async ({ clock }) => {
  const closed: number[] = [];
  const chain = async function* (depth: number, scope: Scope): AsyncGenerator<number> {
    try {
      if (depth === 100) for (let n = 0; ; n++) yield n;
      for await (const item of iterate(chain(depth + 1, scope), scope)) yield item;
    } finally {
      closed.push(depth);
    }
  };
  await taskGroup(async (group) => {
    await safeIterate((scope) => chain(1, scope), async (items) => {
      for await (const item of items) if (item === 2) break;
    }, group);
  }, { clock });
  assert.deepEqual(closed, Array.from({ length: 100 }, (_, index) => 100 - index));
});
