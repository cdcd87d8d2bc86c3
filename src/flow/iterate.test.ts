/** `iterate` and `safeIterate` in depth: what a cancellation does to a source, and what is not lost. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { describe, test } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, suppressed, taskGroup } from "espalier";
import { iterate, safeIterate } from "espalier/flow";
import { explore } from "espalier/testing";
import { gate, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("iterate()", () => {
  scenario("waits for the items of what is synchronous, too, and lets timers run between them (G22)", async () => {
    let fired = false;
    const timer = setTimeout(() => (fired = true));
    function* endless(): Generator<number> {
      for (let n = 0; ; n++) yield n;
    }
    await taskGroup(async (group) => {
      assert.deepEqual(await collect(iterate(["a", "b"], group)), ["a", "b"]);
      for await (const _ of iterate(endless(), group)) if (fired) break;
    });
    clearTimeout(timer);
  });
  scenario("closes its source when the loop is left, and waits for it", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      const source = async function* (): AsyncGenerator<number> {
        try {
          yield 1;
        } finally {
          await sleep(10, group);
          steps.push("closed");
        }
      };
      for await (const _ of iterate(source(), group)) break;
      steps.push("left");
    }, { clock });
    assert.deepEqual(steps, ["closed", "left"]);
  });
  scenario("leaves a source that does not answer, when it is cancelled", async ({ clock }) => {
    let closed = 0;
    const deaf = {
      next: () => gate<never>().promise,
      return: () => (closed++, gate<never>().promise),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    assert.equal(await moveOnAfter(10, (scope) => collect(iterate(deaf, scope)), { clock, fallback: "gone" as never }), "gone");
    assert.equal(closed, 1);
  });
  scenario("closes a source that was suspended when it is cancelled, and loses no error of that", async ({ clock }) => {
    const F = new Error("F");
    const source = async function* (): AsyncGenerator<number> {
      try {
        yield* [1, 2];
      } finally {
        // eslint-disable-next-line no-unsafe-finally -- that is what is tested
        throw F;
      }
    };
    const error = await thrownBy(
      failAfter(10, async (scope) => {
        for await (const _ of iterate(source(), scope)) await sleepForever(scope).catch(() => {});
      }, { clock }),
    );
    assert.equal(error, F);
  });
  scenario("a cancellation is felt at each next(), though the source is closed by then (G4)", async () => {
    await moveOnAfter(Infinity, async (scope) => {
      const items = iterate([1, 2, 3], scope);
      await items.next();
      scope.cancel();
      for (let time = 0; time < 3; time++) assert.equal(await thrownBy(items.next()), scope.reason);
    });
  });
  scenario("what was asked ahead and is cancelled is no unhandled rejection", async ({ clock }) => {
    const deaf = { [Symbol.asyncIterator]: () => ({ next: () => gate<never>().promise }) };
    await moveOnAfter(10, async (scope) => {
      void iterate(deaf, scope).next();
      await sleepForever(scope);
    }, { clock });
  });
  scenario("what came for a scope that is cancelled stays in its place", async ({ clock }) => {
    await taskGroup(async (group) => {
      const answers = [gate<IteratorResult<number>>(), gate<IteratorResult<number>>()];
      let asked = 0;
      const items = iterate({ [Symbol.asyncIterator]: () => ({ next: () => answers[asked++]!.promise }) }, group);
      await group.moveOnAfter(1, async (scope) => {
        await Promise.all([items.next(scope), items.next(scope)].map((step) => thrownBy(step)));
        assert.equal(await thrownBy(items.next(scope)), scope.reason);
      });
      for (const [index, answer] of answers.entries()) answer.open({ done: false, value: index });
      assert.deepEqual([(await items.next()).value, (await items.next()).value], [0, 1]);
    }, { clock });
  });
  scenario("its items are given in their order, also to several who ask at a time", async ({ clock }) => {
    await taskGroup(async (group) => {
      const source = async function* (): AsyncGenerator<number> {
        for (let n = 1; n <= 3; n++) {
          await sleep(1, group);
          yield n;
        }
      };
      const items = iterate(source(), group);
      const steps = await Promise.all([items.next(), items.next(), items.next(), items.next()]);
      assert.deepEqual(steps.map(({ value }) => value), [1, 2, 3, undefined]);
    }, { clock });
  });
  scenario("after it was left there is nothing more", async () => {
    await taskGroup(async (group) => {
      const items = iterate([1, 2], group);
      await items.next();
      await items[Symbol.asyncDispose]();
      assert.equal((await items.next()).done, true);
      assert.throws(() => iterate(7 as never, group), TypeError);
      assert.throws(() => iterate([], undefined as never), TypeError);
    });
  });
});

describe("safeIterate()", () => {
  scenario("gives what its body returns, and hands it a scope of its own", async ({ clock }) => {
    await taskGroup(async (group) => {
      const sum = await safeIterate(async function* numbers() {
        yield* [1, 2, 3];
      }, async (items, scope) => {
        assert.equal(scope.name, "numbers");
        return (await collect(items)).reduce((a, b) => a + b);
      }, group);
      assert.equal(sum, 6);
    }, { clock });
  });
  scenario("a failure of the generator beats the cancellation of its body (G7)", async ({ clock }) => {
    const F = new Error("F");
    const error = await thrownBy(
      failAfter(10, (scope) => safeIterate(async function* () {
        try {
          yield 1;
        } finally {
          // eslint-disable-next-line no-unsafe-finally -- that is what is tested
          throw F;
        }
      }, async (items, own) => {
        await items.next();
        await sleepForever(own);
      }, scope), { clock }),
    );
    assert.equal(error, F);
    same(suppressed(error), []);
  });
  scenario("a generator that ends with the platform's abort error has ended, also for who is not cancelled (G6)", async ({ clock }) => {
    await moveOnAfter(10, (scope) => safeIterate(async function* (own) {
      await once(new EventEmitter(), "item", own);
      yield 1;
    }, async (items, own) => {
      await thrownBy(items.next());
      await own.shield(async (shielded) => {
        await sleep(1, shielded);
        assert.deepEqual(await shielded.failAfter(1, (last) => items.next(last)), { done: true, value: undefined });
      });
    }, scope), { clock });
  });
  scenario("an item that nobody waits for any more is given to the next who asks (G8)", async ({ clock }) => {
    await taskGroup(async (group) => {
      const item = gate<string>();
      await safeIterate(async function* () {
        yield await item.promise;
      }, async (items, scope) => {
        await scope.moveOnAfter(10, (own) => items.next(own));
        item.open("item");
        await quiet();
        assert.deepEqual(await items.next(), { done: false, value: "item" });
      }, group);
    }, { clock });
  });
  scenario("lets timers run though neither side ever waits (G22)", async () => {
    let fired = false;
    const timer = setTimeout(() => (fired = true));
    await taskGroup((group) => safeIterate(async function* () {
      for (let n = 0; ; n++) yield n;
    }, async (items) => {
      for await (const _ of items) if (fired) break;
    }, group));
    clearTimeout(timer);
  });
});

test("explored: no order and no cancellation loses an item of safeIterate(), or leaves the generator open", async () => {
  await explore(
    async (group, trial) => {
      let open = 0;
      const numbers = async function* (scope: Scope): AsyncGenerator<number> {
        open++;
        try {
          for (let n = 0; ; n++) {
            await scope.checkpoint();
            yield n;
          }
        } finally {
          await scope.shield((own) => own.checkpoint());
          open--;
        }
      };
      const consumer = group.spawn(async (scope) => {
        const given: number[] = [];
        try {
          await safeIterate(numbers, async (items, own) => {
            const take = async (): Promise<void> => {
              for await (const item of items) {
                given.push(item);
                if (given.length >= 4) return;
              }
            };
            await own.all([take, take]);
          }, scope);
        } finally {
          assert.equal(open, 0, "left open");
        }
        // Which of the two goes on first with what it was given is anybody's guess.
        assert.deepEqual(given.toSorted(), Array.from({ length: given.length }, (_, index) => index));
      });
      const steps = trial.choose(16);
      group.spawn(async (scope) => {
        for (let step = 0; step < steps; step++) await scope.checkpoint();
        consumer.cancel();
      });
      await consumer.settled(group);
    },
    { schedules: 2_000, seeds: 500 },
  );
});
