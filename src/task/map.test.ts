/** `map` in depth: what it takes from its source, how many run, and how the source is left. */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";
import { describe } from "node:test";
import { failAfter, map, moveOnAfter, type Scope, sleep, sleepForever, taskGroup, TimeoutError } from "espalier";
import { gate, isA, quiet, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** An endless source that counts what was taken, and says when it was closed. */
function endless(): { next: () => Promise<IteratorResult<number>>; return: () => Promise<IteratorResult<number>>; taken: number; closed: number; [Symbol.asyncIterator](): AsyncIterator<number> } {
  return {
    taken: 0,
    closed: 0,
    async next() {
      return { done: false, value: this.taken++ };
    },
    async return() {
      this.closed++;
      return { done: true, value: 0 };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

describe("map() over iterables", () => {
  const sources: Record<string, () => Iterable<number> | AsyncIterable<number>> = {
    "an array": () => [1, 2, 3],
    "a Set": () => new Set([1, 2, 3]),
    "a generator": function* () {
      yield* [1, 2, 3];
    },
    "an async generator": async function* () {
      yield* [1, 2, 3];
    },
    "a stream of Node": () => Readable.from([1, 2, 3]),
  };
  for (const [name, source] of Object.entries(sources)) {
    for (const concurrency of [1, 2, undefined]) {
      scenario(`gives the results of ${name} in the order of its items, with the index (concurrency ${concurrency})`, async ({ clock }) => {
        const results = await map(
          source(),
          async (item, scope, index) => {
            await sleep(10 * (4 - item), scope);
            return `${index}:${item}`;
          },
          { clock, concurrency },
        );
        assert.deepEqual(results, ["0:1", "1:2", "2:3"]);
      });
    }
  }

  scenario("takes what its function returns without a promise, and undefined as a result", async ({ clock }) => {
    assert.deepEqual(await map([1, 2], (n) => (n === 1 ? undefined : n), { clock }), [undefined, 2]);
  });

  scenario("awaits a thenable that its function returns", async ({ clock }) => {
    const thenable: PromiseLike<string> = { then: (resolve, reject) => Promise.resolve("value").then(resolve, reject) };
    assert.deepEqual(await map([1], () => thenable, { clock }), ["value"]);
  });

  scenario("rejects with a TypeError where its function is none, or its items are not iterable", async ({ clock }) => {
    isA(await thrownBy(map([1], 42 as never, { clock })), TypeError);
    isA(await thrownBy(map(42 as never, () => assert.fail("called"), { clock })), TypeError);
    isA(await thrownBy(map(undefined as never, () => assert.fail("called"), { clock })), TypeError);
  });

  for (const concurrency of [0, -1, 1.5, Number.NaN]) {
    scenario(`rejects with a RangeError for the concurrency ${concurrency}`, async ({ clock }) => {
      isA(await thrownBy(map([1], () => assert.fail("called"), { clock, concurrency })), RangeError);
    });
  }
});

describe("map() with `concurrency`", () => {
  scenario("runs so many and never more, and starts the next one when a place is free", async ({ clock }) => {
    let running = 0;
    let most = 0;
    const starts: number[] = [];
    await map(
      [30, 10, 10, 10],
      async (ms, scope) => {
        starts.push(scope.now());
        most = Math.max(most, ++running);
        await sleep(ms, scope);
        running--;
      },
      { clock, concurrency: 2 },
    );
    assert.equal(most, 2);
    assert.deepEqual(starts, [0, 0, 10, 20]);
    assert.equal(clock.now(), 30);
  });

  scenario("takes an item only when there is room for it", async ({ clock }) => {
    const source = endless();
    await moveOnAfter(
      100,
      (scope) =>
        scope.map(
          source,
          async (_item, own) => {
            assert.ok(source.taken <= 3, `${source.taken} taken`);
            await sleep(1_000, own);
          },
          { concurrency: 3 },
        ),
      { clock },
    );
    assert.ok(source.taken <= 3, `${source.taken} taken`);
    assert.equal(source.closed, 1);
  });
});

describe("map() hands an item out where a place comes free", () => {
  scenario("… also of functions that return at once, of which one makes room for the next", async ({ clock }) => {
    const order: number[] = [];
    const give = (n: number): number | Promise<number> => {
      order.push(n);
      return n % 100 === 0 ? Promise.resolve(n) : n;
    };
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    assert.deepEqual(await map(numbers, give, { clock, concurrency: 1 }), numbers);
    assert.deepEqual(order, numbers);
  });

  scenario("… in the store of the call, whatever the functions run in", async ({ clock }) => {
    const store = new AsyncLocalStorage<string>();
    const seen = await store.run("caller", () =>
      map(
        [1, 2, 3, 4],
        (n, scope) => {
          const here = store.getStore();
          return store.run(`of ${n}`, () => sleep(n, scope).then(() => here));
        },
        { clock, concurrency: 2 },
      ),
    );
    assert.deepEqual(seen, ["caller", "caller", "caller", "caller"]);
  });

  scenario("… and no more once it is cancelled, though its functions make room by ending", async ({ clock }) => {
    let calls = 0;
    const items = Array.from({ length: 10 }, () => 0);
    const mapping = moveOnAfter(10, (scope) => scope.map(items, (_item, own) => (calls++, sleepForever(own)), { concurrency: 2 }), { clock, fallback: "moved on" });
    assert.equal(await mapping, "moved on");
    assert.equal(calls, 2);
  });
});

describe("map() leaves its source", () => {
  const E = new Error("E");

  scenario("and closes it when a function fails: the failure is thrown, no more items are taken", async ({ clock }) => {
    const source = endless();
    const error = await thrownBy(
      map(
        source,
        async (item, scope) => {
          if (item === 2) throw E;
          await sleepForever(scope);
        },
        { clock, concurrency: 5 },
      ),
    );
    assert.equal(error, E);
    assert.equal(source.closed, 1);
    assert.ok(source.taken <= 6, `${source.taken} taken`);
  });

  scenario("and closes it when an outer scope is cancelled, though the source never ends and nothing ever blocks", async ({ clock }) => {
    const source = endless();
    const error = await thrownBy(
      failAfter(
        50,
        (scope) =>
          scope.map(source, async (_item, own) => {
            await sleep(10, own);
          }, { concurrency: 2 }),
        { clock },
      ),
    );
    isA(error, TimeoutError);
    assert.equal(source.closed, 1);
  });

  scenario("also when the deadline has to be seen in real time between items that never block (G22)", async () => {
    const source = endless();
    isA(await thrownBy(failAfter(5, (scope) => scope.map(source, () => {}))), TimeoutError);
    assert.equal(source.closed, 1);
  });

  scenario("when a sync iterator never ends and its items never block, too", async () => {
    let closed = 0;
    function* numbers(): Generator<number> {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        closed++;
      }
    }
    isA(await thrownBy(failAfter(5, (scope) => scope.map(numbers(), () => {}))), TimeoutError);
    assert.equal(closed, 1);
  });

  scenario("without waiting for a next() that never answers, when it is cancelled", async ({ clock }) => {
    const source = { ...endless(), next: () => new Promise<never>(() => {}) };
    await moveOnAfter(10, async (scope) => assert.equal(await thrownBy(scope.map(source, () => {})), scope.reason), { clock });
    assert.equal(source.closed, 1);
  });

  scenario("without waiting for a generator that hangs, when a function fails", async ({ clock }) => {
    const hangs = gate();
    let finalised = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        await hangs.promise;
      } finally {
        finalised = true;
      }
    }
    const error = await thrownBy(
      map(
        source(),
        async (_item, scope) => {
          await sleep(10, scope);
          throw E;
        },
        { clock },
      ),
    );
    assert.equal(error, E);
    assert.equal(finalised, false);
    hangs.open();
    await quiet();
    assert.equal(finalised, true);
  });

  scenario("after its end without closing it, as for await does", async ({ clock }) => {
    const source = { ...endless(), next: async () => ({ done: true as const, value: undefined }) };
    assert.deepEqual(await map(source, () => {}, { clock }), []);
    assert.equal(source.closed, 0);
  });

  scenario("and waits until the generator's cleanup has ended", async ({ clock }) => {
    const steps: string[] = [];
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        await quiet();
        steps.push("cleaned up");
      }
    }
    await thrownBy(map(source(), () => Promise.reject(E), { clock, concurrency: 1 }));
    assert.deepEqual(steps, ["cleaned up"]);
  });
});

describe("map() over a source that fails", () => {
  const E = new Error("E");

  const failing: Record<string, () => Iterable<number> | AsyncIterable<number>> = {
    "a generator": function* () {
      yield 1;
      throw E;
    },
    "an async generator": async function* () {
      yield 1;
      throw E;
    },
    "an iterator whose next() throws": () => ({
      [Symbol.asyncIterator]: () => ({
        next(): never {
          throw E;
        },
      }),
    }),
    "an iterable that cannot be opened": () => ({
      [Symbol.asyncIterator](): never {
        throw E;
      },
    }),
  };
  for (const [name, source] of Object.entries(failing)) {
    scenario(`throws the failure of ${name}, when the functions that run were cancelled and have ended`, async ({ clock }) => {
      let running = 0;
      const error = await thrownBy(
        map(
          source(),
          async (_item, scope) => {
            running++;
            try {
              await sleepForever(scope);
            } finally {
              await scope.shield((own) => sleep(10, own));
              running--;
            }
          },
          { clock },
        ),
      );
      assert.equal(error, E);
      assert.equal(running, 0);
    });
  }
});

scenario("map() hands each call a scope of its own, below the caller's", async ({ clock }) => {
  const scopes: Scope[] = [];
  await taskGroup(
    async (group) => {
      group.reschedule(100);
      await group.map([1, 2], (_item, scope) => void scopes.push(scope));
      assert.deepEqual(scopes.map(({ deadline }) => deadline), [100, 100]);
      assert.notEqual(scopes[0], scopes[1]);
    },
    { clock },
  );
});

scenario("map() in a cancelled scope takes nothing and calls nothing", async ({ clock }) => {
  const source = endless();
  await moveOnAfter(
    Infinity,
    async (scope) => {
      scope.cancel();
      assert.equal(await thrownBy(scope.map(source, () => assert.fail("called"))), scope.reason);
    },
    { clock },
  );
  assert.ok(source.taken <= 1);
});
