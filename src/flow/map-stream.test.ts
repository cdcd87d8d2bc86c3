/** `mapStream` in depth: how much it takes of its source, in what order results come, and how it is left. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, suppressed, taskGroup } from "espalier";
import { type Flow, mapStream } from "espalier/flow";
import { explore } from "espalier/testing";
import { ending, gate, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** Endless; says how many items were taken, and whether it was closed. */
function endless(): { taken: number; isClosed: boolean; items: Generator<number> } {
  const source = { taken: 0, isClosed: false, items: undefined as unknown as Generator<number> };
  source.items = (function* () {
    try {
      for (;;) yield source.taken++;
    } finally {
      source.isClosed = true;
    }
  })();
  return source;
}
async function* slowly(scope: Scope, ...items: number[]): AsyncGenerator<number> {
  for (const item of items) {
    await sleep(5, scope);
    yield item;
  }
}
async function collect<T>(flow: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of flow) list.push(value);
  return list;
}

describe("mapStream() gives the results", () => {
  const ms = [30, 10, 20];
  const echo = (item: number, scope: Scope): Promise<number> => sleep(item, scope).then(() => item);
  scenario("in the order of the items", async ({ clock }) => {
    assert.deepEqual(await failAfter(Infinity, (scope) => collect(mapStream(ms, echo, { concurrency: 3 }, scope)), { clock }), [30, 10, 20]);
    assert.equal(clock.now(), 30);
  });
  scenario("as they are ready, where order does not matter", async ({ clock }) => {
    assert.deepEqual(await failAfter(Infinity, (scope) => collect(mapStream(ms, echo, { concurrency: 3, ordered: false }, scope)), { clock }), [10, 20, 30]);
  });
  for (const ordered of [true, false]) {
    scenario(`of an async source, ordered: ${ordered}, with the index of each`, async ({ clock }) => {
      await taskGroup(async (group) => {
        const flow = mapStream(slowly(group, 7, 8, 9), (item, _, index) => `${index}:${item}`, { concurrency: 2, ordered }, group);
        assert.deepEqual(await collect(flow), ["0:7", "1:8", "2:9"]);
      }, { clock });
    });
  }
  scenario("none for no items, and undefined for undefined", async () => {
    await taskGroup(async (group) => {
      assert.deepEqual(await collect(mapStream([], String, { concurrency: 1 }, group)), []);
      assert.deepEqual(await collect(mapStream([undefined, null], (item) => item, { concurrency: 1 }, group)), [undefined, null]);
    });
  });
});

describe("mapStream() takes an item when there is room for it", () => {
  for (const ordered of [true, false]) {
    scenario(`never more than its concurrency, done and not yet taken included; ordered: ${ordered}`, async ({ clock }) => {
      const source = endless();
      let running = 0;
      await taskGroup(async (group) => {
        let given = 0;
        const work = async (item: number, scope: Scope): Promise<number> => {
          assert.ok(++running <= 4);
          assert.ok(source.taken - given <= 5, `${source.taken} taken, ${given} given`);
          await sleep(item % 7, scope);
          running--;
          return item;
        };
        const flow = mapStream(source.items, work, { concurrency: 4, ordered }, group);
        assert.equal(source.taken, 0);
        for await (const _ of flow) {
          if (++given === 50) break;
          await sleep(given % 5, group);
        }
      }, { clock });
      assert.ok(source.isClosed);
    });
  }
  scenario("an endless source that never waits lets timers run (G22)", async () => {
    const source = endless();
    let fired = false;
    const timer = setTimeout(() => (fired = true));
    await taskGroup(async (group) => {
      for await (const _ of mapStream(source.items, (item) => item, { concurrency: 8, ordered: false }, group)) if (fired) break;
    });
    clearTimeout(timer);
    assert.ok(source.isClosed);
  });
  scenario("… also an asynchronous one, with asynchronous work (G22)", async () => {
    async function* numbers(): AsyncGenerator<number> {
      for (let n = 0; ; n++) yield n;
    }
    let fired = false;
    const timer = setTimeout(() => (fired = true));
    await taskGroup(async (group) => {
      for await (const _ of mapStream(numbers(), async (item) => item, { concurrency: 2 }, group)) if (fired) break;
    });
    clearTimeout(timer);
  });
});

describe("mapStream() is left", () => {
  scenario("by break: what runs is cancelled and waited for, the source is closed", async ({ clock }) => {
    const source = endless();
    const ended: number[] = [];
    await taskGroup(async (group) => {
      const work = async (item: number, scope: Scope): Promise<number> => {
        try {
          await sleep(item === 0 ? 1 : 1_000, scope);
          return item;
        } finally {
          await scope.shield((own) => sleep(10, own));
          ended.push(item);
        }
      };
      for await (const _ of mapStream(source.items, work, { concurrency: 3 }, group)) break;
      // The place of the first was free when its result was taken.
      assert.deepEqual(ended, [0, 1, 2, 3]);
    }, { clock });
    assert.ok(source.isClosed);
    assert.equal(clock.now(), 21);
  });
  scenario("by a failure: the results before it are given, the others are cancelled, the source is closed", async ({ clock }) => {
    const source = endless();
    const E = new Error("E");
    const given: number[] = [];
    const error = await thrownBy(
      failAfter(Infinity, async (scope) => {
        const work = (item: number, own: Scope): Promise<number> => sleep(10, own).then(() => (item === 2 ? Promise.reject(E) : item));
        for await (const item of mapStream(source.items, work, { concurrency: 3 }, scope)) given.push(item);
      }, { clock }),
    );
    assert.equal(error, E);
    assert.deepEqual(given, [0, 1]);
    assert.ok(source.isClosed);
  });
  scenario("by a failure of the source, which is not closed then", async ({ clock }) => {
    const E = new Error("E");
    let closed = 0;
    const items = {
      count: 0,
      next(): IteratorResult<number> {
        if (this.count === 2) throw E;
        return { done: false, value: this.count++ };
      },
      return(): IteratorResult<number> {
        closed++;
        return { done: true, value: undefined };
      },
      [Symbol.iterator]() {
        return this;
      },
    };
    const given: number[] = [];
    const error = await thrownBy(
      failAfter(Infinity, async (scope) => {
        for await (const item of mapStream(items, (one) => one, { concurrency: 1 }, scope)) given.push(item);
      }, { clock }),
    );
    assert.equal(error, E);
    assert.deepEqual(given, [0, 1]);
    assert.equal(closed, 0);
  });
  scenario("by a cancellation, though the source does not answer", async ({ clock }) => {
    const never = gate();
    let closed = 0;
    const deaf = {
      next: () => never.promise as Promise<never>,
      return: async () => ({ done: true as const, value: void closed++ }),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    const gone = await moveOnAfter(10, (scope) => collect(mapStream(deaf, String, { concurrency: 2 }, scope)), { clock, fallback: "gone" });
    assert.equal(gone, "gone");
    assert.equal(closed, 1);
  });
  scenario("what fails as the source is closed is not lost", async ({ clock }) => {
    const [E, F] = [new Error("E"), new Error("F")];
    const source = function* (): Generator<number> {
      try {
        yield* [1, 2, 3];
      } finally {
        // eslint-disable-next-line no-unsafe-finally -- that is what is tested
        throw F;
      }
    };
    const failing = (): Promise<never> => Promise.reject(E);
    const error = await thrownBy(failAfter(Infinity, (scope) => collect(mapStream(source(), failing, { concurrency: 1 }, scope)), { clock }));
    assert.equal(error, E);
    same(suppressed(error), [F]);
    const left = await thrownBy(failAfter(Infinity, async (scope) => {
      for await (const _ of mapStream(source(), (item) => item, { concurrency: 1 }, scope)) break;
    }, { clock }));
    assert.equal(left, F);
  });
  scenario("by return() from within its first task: that is waited for, and no failure is lost", async ({ clock }) => {
    const E = new Error("E");
    let flow!: Flow<number>;
    let left!: Promise<IteratorResult<number>>;
    let opened = 0;
    await taskGroup(async (group) => {
      const source = function* (): Generator<number> {
        opened++;
        yield 1;
      };
      const work = async (_item: number, scope: Scope): Promise<number> => {
        left = flow.return();
        await thrownBy(sleepForever(scope));
        await scope.shield((own) => sleep(10, own));
        throw E;
      };
      flow = mapStream(source(), work, { concurrency: 1 }, group);
      const step = ending(flow.next());
      assert.equal((await left).done, true);
      assert.equal(group.now(), 10);
      assert.deepEqual(await step, { error: E });
    }, { clock });
    assert.equal(opened, 1);
  });
  scenario("for a moment: what was taken before a pause is given though the scope is cancelled in it, and nothing overtakes (G8)", async ({ clock }) => {
    const later = gate();
    await taskGroup(async (group) => {
      const flow = mapStream([0, 1, 2, 3, 4], (item) => item, { concurrency: 4 }, group);
      const given = [(await flow.next()).value];
      await quiet();
      await group.moveOnAfter(Infinity, async (scope) => {
        Object.defineProperty(clock, "pause", { value: () => later.promise, configurable: true });
        const asked = Promise.allSettled([flow.next(scope), flow.next(scope)]);
        scope.cancel();
        for (const end of await asked) if (end.status === "fulfilled") given.push(end.value.value);
        assert.equal(await thrownBy(flow.next(scope)), scope.reason);
      });
      Reflect.deleteProperty(clock, "pause");
      later.open();
      given.push(...(await collect(flow)));
      assert.deepEqual(given, [0, 1, 2, 3, 4]);
    }, { clock });
  });
  scenario("and what was asked ahead is no unhandled rejection then; a failure is one", async ({ clock, takeReports }) => {
    const E = new Error("E");
    await moveOnAfter(10, async (scope) => {
      void mapStream([1], (_, own) => sleepForever(own), { concurrency: 1 }, scope).next();
      await sleepForever(scope);
    }, { clock });
    assert.deepEqual(await takeReports(), []);
    await taskGroup(async (group) => {
      void mapStream([1], () => Promise.reject(E), { concurrency: 1 }, group).next();
      await sleep(1, group);
    }, { clock });
    same((await takeReports()).map(({ error }) => error), [E]);
  });
  scenario("nothing begins in a cancelled scope, nor before it is asked", async ({ clock }) => {
    const source = endless();
    await moveOnAfter(0, async (scope) => {
      const flow = mapStream(source.items, String, { concurrency: 1 }, scope);
      assert.equal(await thrownBy(flow.next()), scope.reason);
      await flow.return();
    }, { clock });
    assert.equal(source.taken, 0);
  });
});

scenario("mapStream() refuses a concurrency that bounds nothing, what cannot be iterated, and no scope", async () => {
  await taskGroup((group) => {
    for (const concurrency of [0, -1, 1.5, Number.NaN, Infinity]) assert.throws(() => mapStream([], String, { concurrency }, group), RangeError);
    assert.throws(() => mapStream(7 as never, String, { concurrency: 1 }, group), TypeError);
    assert.throws(() => mapStream([], 7 as never, { concurrency: 1 }, group), TypeError);
    assert.throws(() => mapStream([], String, { concurrency: 1 }, undefined as never), TypeError);
  });
});

test("the memory of an endless stream is that of its concurrency", async () => {
  const source = endless();
  const used = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  await taskGroup(async (group) => {
    const sizes: number[] = [];
    let given = 0;
    for await (const _ of mapStream(source.items, async (item) => Array.from({ length: 100 }, () => item), { concurrency: 10 }, group)) {
      if (++given % 10_000 !== 0) continue;
      await quiet();
      sizes.push(used());
      if (sizes.length === 4) break;
    }
    // 30,000 results of 800 bytes and more would be 24 MB.
    if (globalThis.gc !== undefined) assert.ok(sizes[3]! - sizes[0]! < 4_000_000, String(sizes));
  });
});

test("explored: no order and no cancellation loses a result, gives one out of its turn, or leaves something behind", async () => {
  for (const ordered of [true, false]) {
    await explore(
      async (group) => {
        let running = 0;
        const work = async (item: number, scope: Scope): Promise<number> => {
          assert.ok(++running <= 2, "too many");
          try {
            if (item % 2 === 0) await scope.checkpoint();
            await scope.checkpoint();
            return item;
          } finally {
            running--;
          }
        };
        async function* items(scope: Scope): AsyncGenerator<number> {
          for (let item = 0; item < 4; item++) {
            await scope.checkpoint();
            yield item;
          }
        }
        const consumer = group.spawn(async (scope) => {
          const given: number[] = [];
          try {
            for await (const item of mapStream(items(scope), work, { concurrency: 2, ordered }, scope)) given.push(item);
          } finally {
            assert.equal(running, 0, "left behind");
          }
          if (ordered) assert.deepEqual(given, given.toSorted());
          assert.equal(new Set(given).size, given.length);
        });
        await consumer.settled(group);
      },
      { faults: ["cancel"], schedules: 1_000, seeds: 300 },
    );
  }
});

scenario("what waits forever in a task is interrupted by the end of the loop", async ({ clock }) => {
  await taskGroup(async (group) => {
    for await (const _ of mapStream([1, 0], (item, scope) => (item === 1 ? 1 : sleepForever(scope)), { concurrency: 2 }, group)) break;
  }, { clock });
});
