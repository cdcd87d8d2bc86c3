/** Cases of generators: safeIterate, closing, iterate, and what is plain about them. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { failAfter, leaves, moveOnAfter, openTaskGroup, type Scope, sleep, sleepForever, taskGroup, TaskGroupError, TimeoutError } from "espalier";
import { ClosedError } from "espalier/sync";
import { closing, iterate, safeIterate } from "espalier/flow";
import { gate, isA, same, scenario, thrownBy } from "./case.ts";

const [E, F] = [new Error("E"), new Error("F")];

async function* count(scope: Scope, to: number, steps: unknown[] = []): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= to; n++) {
      await sleep(1, scope);
      yield n;
      steps.push(`after ${n}`);
    }
  } finally {
    steps.push("finally");
  }
}
async function collect<T>(items: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of items) into.push(item);
  return into;
}

describe("G01: the end of the generator ends the loop, without an error", () => {
  scenario("G01: … of safeIterate()", async ({ clock }) => {
    await taskGroup(async (group) => assert.deepEqual(await safeIterate((scope) => count(scope, 3), (items) => collect(items), group), [1, 2, 3]), { clock });
  });
  scenario("G01: … of iterate()", async ({ clock }) => {
    await taskGroup(async (group) => assert.deepEqual(await collect(iterate(count(group, 3), group)), [1, 2, 3]), { clock });
  });
});

describe("G02: the generator is never ahead of who asks", () => {
  for (const [name, run] of Object.entries({
    "safeIterate()": (steps: unknown[], group: Scope, body: (items: AsyncIterable<number>) => Promise<void>) => safeIterate((scope) => count(scope, 2, steps), body, group),
    "iterate()": (steps: unknown[], group: Scope, body: (items: AsyncIterable<number>) => Promise<void>) => body(iterate(count(group, 2, steps), group)),
  })) {
    scenario(`G02: … ${name}`, async ({ clock }) => {
      const steps: unknown[] = [];
      await taskGroup(async (group) => {
        await run(steps, group, async (items) => {
          for await (const item of items) {
            await sleep(100, group);
            steps.push(item);
          }
        });
      }, { clock });
      assert.deepEqual(steps, [1, "after 1", 2, "after 2", "finally"]);
    });
  }
});

describe("G03: what the loop's body throws and what the generator's finally throws", () => {
  const holding = (steps: string[], error?: unknown) =>
    async function* (scope: Scope): AsyncGenerator<number> {
      try {
        yield 1;
        await sleepForever(scope);
      } finally {
        await scope.shield((own) => sleep(10, own));
        steps.push("finally");
        // eslint-disable-next-line no-unsafe-finally -- that is what is tested
        if (error !== undefined) throw error;
      }
    };
  const loop = (throws: unknown, steps: string[]) => async (items: AsyncIterable<number>) => {
    for await (const _ of items) {
      if (throws !== undefined) throw throws;
      break;
    }
    steps.push("loop left");
  };
  scenario("G03: … E alone: the finally has run before the call rejects with it", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      assert.equal(await thrownBy(safeIterate(holding(steps), loop(E, steps), group)), E);
      assert.deepEqual(steps, ["finally"]);
    }, { clock });
  });
  scenario("G03, G16: … both, in one aggregate (a bare `for await` hides the second)", async ({ clock }) => {
    await taskGroup(async (group) => {
      const error = await thrownBy(safeIterate(holding([], F), loop(E, []), group));
      same(isA(error, TaskGroupError).errors, [E, F]);
    }, { clock });
  });
  scenario("G03, G16: … only the cleanup's: that error", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      assert.equal(await thrownBy(safeIterate(holding(steps, F), loop(undefined, steps), group)), F);
      assert.deepEqual(steps, ["loop left", "finally"]);
    }, { clock });
  });
});

describe("G04: a generator that throws after a yield: the items so far, then the bare error", () => {
  const throwing = async function* (): AsyncGenerator<number> {
    yield* [1, 2];
    throw E;
  };
  scenario("G04: … of safeIterate(), told once", async () => {
    await taskGroup(async (group) => {
      const given: number[] = [];
      assert.equal(await thrownBy(safeIterate(throwing, (items) => collect(items, given), group)), E);
      assert.deepEqual(given, [1, 2]);
      assert.equal(await safeIterate(throwing, (items) => collect(items).catch(() => "caught"), group), "caught");
    });
  });
  scenario("G04: … of iterate()", async () => {
    await taskGroup(async (group) => {
      const given: number[] = [];
      assert.equal(await thrownBy(collect(iterate(throwing(), group), given)), E);
      assert.deepEqual(given, [1, 2]);
    });
  });
});

describe("G05: in a scope that was cancelled before, the generator's body never starts", () => {
  const untouched = async function* (): AsyncGenerator<number> {
    yield assert.fail("started");
  };
  scenario("G05: … of safeIterate()", async ({ clock }) => {
    await moveOnAfter(0, async (scope) => assert.equal(await thrownBy(safeIterate(untouched, (items) => collect(items), scope)), scope.reason), { clock });
  });
  scenario("G05: … nor where the cancellation comes before the first item is asked for", async ({ clock }) => {
    await moveOnAfter(10, (scope) => safeIterate(untouched, async (items) => {
      await sleepForever(scope).catch(() => {});
      await collect(items);
    }, scope), { clock });
  });
  scenario("G05: … of iterate()", async ({ clock }) => {
    await moveOnAfter(0, async (scope) => assert.equal(await thrownBy(collect(iterate(untouched(), scope))), scope.reason), { clock });
  });
});

scenario("G06: a scope that is cancelled in the generator never cancels who iterates", async ({ clock }) => {
  const generator = async function* (scope: Scope): AsyncGenerator<string> {
    for (const name of ["a", "b"]) {
      yield await scope.moveOnAfter(5, (own) => sleepForever(own), { fallback: name });
    }
  };
  await taskGroup(async (group) => {
    const given = await safeIterate(generator, async (items, scope) => {
      const list: string[] = [];
      for await (const item of items) {
        await sleep(50, scope);
        list.push(item);
      }
      return list;
    }, group);
    assert.deepEqual(given, ["a", "b"]);
    assert.equal(group.cancelled, false);
  }, { clock });
});

describe("G07: leaving a loop over a generator with tasks of its own", () => {
  const busy = (steps: string[], error?: unknown) =>
    async function* (scope: Scope): AsyncGenerator<string> {
      await using group = openTaskGroup(scope);
      group.spawn(async (own) => {
        try {
          await sleepForever(own);
        } finally {
          await own.shield((inner) => sleep(20, inner));
          steps.push("task ended");
          // eslint-disable-next-line no-unsafe-finally -- that is what is tested
          if (error !== undefined) throw error;
        }
      });
      for (;;) yield "item";
    };
  const first = async (items: AsyncIterable<string>): Promise<string | undefined> => {
    for await (const item of items) return item;
    return undefined;
  };
  scenario("G07, G17: … cancels and joins them before the call settles; no error results", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      assert.equal(await safeIterate(busy(steps), first, group), "item");
      assert.deepEqual(steps, ["task ended"]);
      assert.equal(group.now(), 20);
    }, { clock });
  });
  scenario("G07: … and their errors surface", async ({ clock }) => {
    await taskGroup(async (group) => {
      const error = await thrownBy(safeIterate(busy([], E), first, group));
      assert.ok(leaves(error).includes(E));
    }, { clock });
  });
  scenario("G17: … closed by return(), as closing() does it: no error either", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      await using items = closing(busy(steps)(group));
      assert.equal((await items.next()).value, "item");
    }, { clock });
    assert.deepEqual(steps, ["task ended"]);
  });
});

scenario("G08: a cancellation while the loop's body runs is seen by the body first, then by the generator", async ({ clock }) => {
  const steps: string[] = [];
  const generator = async function* (scope: Scope): AsyncGenerator<number> {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      steps.push(`generator: ${scope.cancelled}`);
      await thrownBy(sleep(1, scope));
    }
  };
  await moveOnAfter(10, (scope) => safeIterate(generator, async (items) => {
    for await (const _ of items) {
      try {
        await sleepForever(scope);
      } finally {
        steps.push(`body: ${scope.cancelled}`);
      }
    }
  }, scope), { clock });
  assert.deepEqual(steps, ["body: true", "generator: true"]);
});

scenario("G09: an aggregate that the loop's body throws is neither unwrapped nor merged", async ({ clock }) => {
  await taskGroup(async (group) => {
    const own = new TaskGroupError([E]);
    assert.equal(await thrownBy(safeIterate((scope) => count(scope, 3), async () => Promise.reject(own), group)), own);
    const failing = async function* (): AsyncGenerator<number> {
      try {
        yield 1;
      } finally {
        // eslint-disable-next-line no-unsafe-finally -- that is what is tested
        throw F;
      }
    };
    const both = await thrownBy(safeIterate(failing, async (items) => {
      for await (const _ of items) throw own;
    }, group));
    same(isA(both, TaskGroupError).errors, [own, F]);
  }, { clock });
});

describe("G10: closing the items gives ClosedError to who asks, closes the generator, and is no error of the call", () => {
  const isClosed = async (call: Promise<unknown>): Promise<void> => assert.equal(isA(await thrownBy(call), ClosedError).code, "CLOSED");
  scenario("G10: … before the first", async ({ clock }) => {
    const steps: unknown[] = [];
    await taskGroup((group) => safeIterate((scope) => count(scope, 3, steps), async (items) => {
      items.close();
      await isClosed(items.next());
    }, group), { clock });
    assert.deepEqual(steps, []);
  });
  scenario("G10: … while one is waited for", async ({ clock }) => {
    const steps: unknown[] = [];
    await taskGroup((group) => safeIterate((scope) => count(scope, 3, steps), async (items) => {
      const waiting = items.next();
      items.close();
      await isClosed(waiting);
    }, group), { clock });
    assert.deepEqual(steps, ["finally"]);
  });
  scenario("G10: … between two, twice", async ({ clock }) => {
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

describe("G11: several loops", () => {
  scenario("G11: … over the same items get each once", async ({ clock }) => {
    await taskGroup(async (group) => {
      const given = await safeIterate((scope) => count(scope, 9), (items, scope) => scope.all([1, 2, 3].map(() => () => collect(items))), group);
      assert.deepEqual(given.flat().toSorted(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }, { clock });
  });
  scenario("G11: … one after the other go on where the one before stopped", async ({ clock }) => {
    await taskGroup((group) => safeIterate((scope) => count(scope, 3), async (items) => {
      for await (const item of items) if (item === 1) break;
      assert.deepEqual(await collect(items), [2, 3]);
    }, group), { clock });
  });
  scenario("G11: … nested, over two of them, are independent", async ({ clock }) => {
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

describe("G12: a time limit for each item", () => {
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
  scenario("G12: … that passes while the generator is suspended at its yield does not touch who iterates", async ({ clock }) => {
    await taskGroup(async (group) => {
      const given: number[] = [];
      for await (const item of limited(count(group, 3), 10, group)) {
        await sleep(50, group);
        given.push(item);
      }
      assert.deepEqual(given, [1, 2, 3]);
    }, { clock });
  });
  scenario("G12: … that passes while an item is waited for throws there, and loses no item", async ({ clock }) => {
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

scenario("G13: a task of the generator that fails while who iterates is elsewhere is told at the next item, and nowhere else", async ({ clock }) => {
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

describe("G14: closing()", () => {
  const steps: string[] = [];
  const rows = async function* (name: string): AsyncGenerator<number> {
    try {
      yield* [1, 2, 3];
    } finally {
      await Promise.resolve();
      steps.push(`${name} closed`);
    }
  };
  scenario("G14: … has run the generator's finally when the block is left", async () => {
    {
      await using open = closing(rows("a"));
      for await (const row of open) if (row === 2) break;
      await using halfway = closing(rows("b"));
      assert.equal((await halfway.next()).value, 1);
    }
    assert.deepEqual(steps.splice(0), ["a closed", "b closed"]);
  });
  scenario("G14: … keeps the block's error beside the cleanup's", async () => {
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
  scenario("G14: … disposes once, and refuses what is no generator", async () => {
    const open = closing(rows("c"));
    await open.next();
    await open[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
    assert.deepEqual(steps.splice(0), ["c closed"]);
    assert.throws(() => closing(rows as never), TypeError);
  });
});

scenario("G15: a generator that is stuck in a next() is cancelled first, then closed", async ({ clock }) => {
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

scenario("G18: a chain of a hundred generators is closed from the innermost to the outermost", async ({ clock }) => {
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

scenario("G08: … while an item is waited for, both end, and the call gives the cancellation", async ({ clock }) => {
  const steps: unknown[] = [];
  const error = await thrownBy(failAfter(5, (scope) => safeIterate((own) => count(own, 1_000, steps), (items) => collect(items), scope), { clock }));
  isA(error, TimeoutError);
  assert.equal(steps.at(-1), "finally");
});
