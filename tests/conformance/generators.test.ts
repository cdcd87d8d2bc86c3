/** Cases of generators: safeIterate, closing, iterate, and what is plain about them. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { failAfter, leaves, moveOnAfter, openTaskGroup, type Scope, sleep, sleepForever, taskGroup, TaskGroupError, TimeoutError } from "espalier";
import { closing, iterate, safeIterate } from "espalier/flow";
import { isA, same, scenario, thrownBy } from "./case.ts";
import { collect, count } from "./tasks.ts";

const [E, F] = [new Error("E"), new Error("F")];

describe("case G01: the end of the generator ends the loop, without an error", () => {
  scenario("case G01: … of safeIterate()", async ({ clock }) => {
    await taskGroup(async (group) => assert.deepEqual(await safeIterate((scope) => count(scope, 3), (items) => collect(items), group), [1, 2, 3]), { clock });
  });
  scenario("case G01: … of iterate()", async ({ clock }) => {
    await taskGroup(async (group) => assert.deepEqual(await collect(iterate(count(group, 3), group)), [1, 2, 3]), { clock });
  });
});

describe("case G02: the generator is never ahead of who asks", () => {
  for (const [name, run] of Object.entries({
    "safeIterate()": (steps: unknown[], group: Scope, body: (items: AsyncIterable<number>) => Promise<void>) => safeIterate((scope) => count(scope, 2, steps), body, group),
    "iterate()": (steps: unknown[], group: Scope, body: (items: AsyncIterable<number>) => Promise<void>) => body(iterate(count(group, 2, steps), group)),
  })) {
    scenario(`case G02: … ${name}`, async ({ clock }) => {
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

describe("case G03: what the loop's body throws and what the generator's finally throws", () => {
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
  scenario("case G03: … E alone: the finally has run before the call rejects with it", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      assert.equal(await thrownBy(safeIterate(holding(steps), loop(E, steps), group)), E);
      assert.deepEqual(steps, ["finally"]);
    }, { clock });
  });
  scenario("case G03, case G16: … both, in one aggregate (a bare `for await` hides the second)", async ({ clock }) => {
    await taskGroup(async (group) => {
      const error = await thrownBy(safeIterate(holding([], F), loop(E, []), group));
      same(isA(error, TaskGroupError).errors, [E, F]);
    }, { clock });
  });
  scenario("case G03, case G16: … only the cleanup's: that error", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      assert.equal(await thrownBy(safeIterate(holding(steps, F), loop(undefined, steps), group)), F);
      assert.deepEqual(steps, ["loop left", "finally"]);
    }, { clock });
  });
});

describe("case G04: a generator that throws after a yield: the items so far, then the bare error", () => {
  const throwing = async function* (): AsyncGenerator<number> {
    yield* [1, 2];
    throw E;
  };
  scenario("case G04: … of safeIterate(), told once", async () => {
    await taskGroup(async (group) => {
      const given: number[] = [];
      assert.equal(await thrownBy(safeIterate(throwing, (items) => collect(items, given), group)), E);
      assert.deepEqual(given, [1, 2]);
      assert.equal(await safeIterate(throwing, (items) => collect(items).catch(() => "caught"), group), "caught");
    });
  });
  scenario("case G04: … of iterate()", async () => {
    await taskGroup(async (group) => {
      const given: number[] = [];
      assert.equal(await thrownBy(collect(iterate(throwing(), group), given)), E);
      assert.deepEqual(given, [1, 2]);
    });
  });
});

describe("case G05: in a scope that was cancelled before, the generator's body never starts", () => {
  const untouched = async function* (): AsyncGenerator<number> {
    yield assert.fail("started");
  };
  scenario("case G05: … of safeIterate()", async ({ clock }) => {
    await moveOnAfter(0, async (scope) => assert.equal(await thrownBy(safeIterate(untouched, (items) => collect(items), scope)), scope.reason), { clock });
  });
  scenario("case G05: … nor where the cancellation comes before the first item is asked for", async ({ clock }) => {
    await moveOnAfter(10, (scope) => safeIterate(untouched, async (items) => {
      await sleepForever(scope).catch(() => {});
      await collect(items);
    }, scope), { clock });
  });
  scenario("case G05: … of iterate()", async ({ clock }) => {
    await moveOnAfter(0, async (scope) => assert.equal(await thrownBy(collect(iterate(untouched(), scope))), scope.reason), { clock });
  });
});

scenario("case G06: a scope that is cancelled in the generator never cancels who iterates", async ({ clock }) => {
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

describe("case G07: leaving a loop over a generator with tasks of its own", () => {
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
  scenario("case G07, case G17: … cancels and joins them before the call settles; no error results", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      assert.equal(await safeIterate(busy(steps), first, group), "item");
      assert.deepEqual(steps, ["task ended"]);
      assert.equal(group.now(), 20);
    }, { clock });
  });
  scenario("case G07: … and their errors surface", async ({ clock }) => {
    await taskGroup(async (group) => {
      const error = await thrownBy(safeIterate(busy([], E), first, group));
      assert.ok(leaves(error).includes(E));
    }, { clock });
  });
  scenario("case G17: … closed by return(), as closing() does it: no error either", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(async (group) => {
      await using items = closing(busy(steps)(group));
      assert.equal((await items.next()).value, "item");
    }, { clock });
    assert.deepEqual(steps, ["task ended"]);
  });
});

scenario("case G08: a cancellation while the loop's body runs is seen by the body first, then by the generator", async ({ clock }) => {
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

scenario("case G08: … while an item is waited for, both end, and the call gives the cancellation", async ({ clock }) => {
  const steps: unknown[] = [];
  const error = await thrownBy(failAfter(5, (scope) => safeIterate((own) => count(own, 1_000, steps), (items) => collect(items), scope), { clock }));
  isA(error, TimeoutError);
  assert.equal(steps.at(-1), "finally");
});

scenario("case G09: an aggregate that the loop's body throws is neither unwrapped nor merged", async ({ clock }) => {
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
