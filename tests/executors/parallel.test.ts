/** Ranges and items in chunks, on each executor: what comes of them, compared with a plain loop. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { MisuseError, taskGroup } from "espalier";
import { type Chunk, NotCloneableError, parallelFor, parallelMap, parallelReduce, sharedArray, work } from "espalier/executor";
import { gate, isA, same, scenario, thrownBy } from "../conformance/case.ts";
import { onEach } from "./executors.ts";
import * as works from "./parallel-works.ts";

/** Numbers that look random, the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const plus = (total: number, part: number): number => total + part;
const append = (total: string, part: string): string => total + part;
const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index);

onEach((on) => {
  scenario("parallelFor() meets each number of a range once, whatever the range and the least size of a chunk", async () => {
    if (!on.sharesMemory) return;
    const below = numbers(4711);
    await taskGroup(async (group) => {
      for (let round = 0; round < 40; round++) {
        const from = below(2_000) - 1_000;
        const length = round === 0 ? 0 : below(below(2) === 0 ? 5 : 800);
        const met = sharedArray(Int32Array, length + 2);
        const chunk = below(3) === 0 ? undefined : 1 + below(200);
        const given: void = await parallelFor(round % 2 === 0 ? works.count : works.countLater, { from, to: from + length, shared: { met, origin: from - 1 } }, group, { on: on.shared, chunk });
        assert.equal(given, undefined);
        assert.deepEqual([...met], [0, ...upTo(length).map(() => 1), 0]);
      }
    });
  });

  scenario("parallelFor() takes a range that is longer than 32 bits count", async () => {
    if (!on.sharesMemory) return;
    const shared = sharedArray(BigInt64Array, 1);
    await taskGroup((group) => parallelFor(works.total, { from: -(2 ** 40), to: 2 ** 40 + 5, shared }, group, { on: on.shared, chunk: 2 ** 36 }));
    assert.equal(shared[0], 2n ** 41n + 5n);
  });

  scenario("the calls of parallelMap() and parallelFor() are known by the name of the work that they run", async () => {
    await taskGroup(async (group) => {
      same(await parallelMap(works.named, [1, 2], group, { on: on.shared }), ["named", "named"]);
      const unoffered = async (call: Promise<unknown>): Promise<void> => assert.match(isA(await thrownBy(call), MisuseError).message, /^The work "asking" called "unoffered"/);
      await unoffered(parallelMap(works.asking, [1], group, { on: on.shared }));
      if (on.sharesMemory) await unoffered(parallelFor(works.asking, { to: 1 }, group, { on: on.shared }));
    });
  });

  scenario("parallelFor() leaves the workers to others now and then", async () => {
    if (!on.sharesMemory || on.isHere) return;
    const shared = sharedArray(Int32Array, 1);
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const loop = group.spawn((scope) => parallelFor(works.long, { to: 6, shared }, scope, { on: pool }));
      assert.equal(await pool.run(works.back, "between", group), "between");
      assert.ok(shared[0]! < 6, "the range was over before");
      await loop.join(group);
      assert.equal(shared[0], 6);
    });
    await pool.close();
  });

  scenario("parallelReduce() puts the parts of a range together in order", async () => {
    const below = numbers(7);
    await taskGroup(async (group) => {
      for (let round = 0; round < 25; round++) {
        const from = below(50);
        const to = from + below(300);
        const text: string = await parallelReduce(works.spell, { from, to }, append, ">", group, { on: on.shared, chunk: 1 + below(30) });
        assert.equal(text, `>${upTo(to - from).map((at) => `${from + at},`).join("")}`);
      }
    });
  });

  scenario("parallelReduce() gives the same sum of floating-point numbers each time", async () => {
    await taskGroup(async (group) => {
      const sums = [];
      for (let round = 0; round < 10; round++) sums.push(await parallelReduce(works.inverses, { to: 5_000 }, plus, 0, group, { on: on.shared }));
      assert.equal(new Set(sums).size, 1);
      assert.ok(Math.abs(sums[0]! - 9.0944) < 1e-3);
    });
  });

  scenario("parallelReduce() reduces items, in order, and an empty one to what it begins with", async () => {
    await taskGroup(async (group) => {
      for (const items of [["a", "b", undefined, Number.NaN], new Set([3, 1, 2]), Uint8Array.of(1, 2), "naïve", upTo(300), []] as Iterable<unknown>[]) {
        const text = await parallelReduce(works.join, items, append, "", group, { on: on.shared });
        assert.equal(text, [...items].map((item) => `${String(item)},`).join(""));
      }
      assert.equal(await parallelReduce(works.spell, { to: 0 }, append, "nothing", group, { on: on.shared }), "nothing");
    });
  });

  scenario("chunks are large first, and as small as they may be in the end", async () => {
    await taskGroup(async (group) => {
      const sizes = await parallelReduce(works.sizeOf, { to: 1_000 }, (all: number[], part) => [...all, ...part], [], group, { on: on.shared, chunk: 8 });
      same(sizes, [...sizes].sort((a, b) => b - a));
      assert.ok(sizes.length > 5 && sizes.length < 60, `${sizes.length} chunks`);
      for (const size of sizes.slice(0, -1)) assert.ok(size >= 8);
    });
  });

  scenario("parallelMap() gives the results of items in their order, of works that wait too", async () => {
    await taskGroup(async (group) => {
      for (const length of [0, 1, 2, 3, 10, 257]) {
        const doubled: unknown[] = await parallelMap(works.uneven, upTo(length), group, { on: on.shared, chunk: length % 2 === 0 ? undefined : 3 });
        assert.deepEqual(doubled, upTo(length).map((n) => 2 * n));
      }
    });
  });

  scenario("parallelMap() takes any iterable, and items of any kind", async () => {
    const sparse = [1, undefined, Number.NaN, null, "text", -0];
    function* generated(): Generator<number> {
      yield* [5, 6, 7];
    }
    await taskGroup(async (group) => {
      assert.deepEqual(await parallelMap(works.back, sparse, group, { on: on.shared }), sparse);
      const texts: string[] = await parallelMap(works.describe, generated(), group, { on: on.shared });
      assert.deepEqual(texts, ["5", "6", "7"]);
      assert.deepEqual(await parallelMap(works.describe, new Map([["a", 1]]), group, { on: on.shared }), ["a,1"]);
      assert.deepEqual(await parallelMap(works.describe, Float32Array.of(1.5, 2), group, { on: on.shared }), ["1.5", "2"]);
    });
  });

  scenario("works have their caller in chunks as well", async () => {
    await taskGroup(async (group) => {
      const offers = [works.reached.by(async (n) => Promise.resolve(n + 100))];
      assert.deepEqual(await parallelMap(works.asks, [1, 2, 3], group, { on: on.shared, offers }), [101, 102, 103]);
    });
  });

  scenario("a work of a limited concurrency keeps it", async () => {
    let running = 0;
    let most = 0;
    const offers = [works.reached.by(() => (most = Math.max(most, ++running))), works.left.by(() => running--)];
    await taskGroup(async (group) => {
      assert.deepEqual(await parallelMap(works.alone, upTo(12), group, { on: on.shared, offers }), upTo(12));
    });
    same([running, most], [0, 1]);
  });

  scenario("what cannot be cloned is named by the place of the item", async () => {
    if (!on.copies) return;
    await taskGroup(async (group) => {
      const items = upTo(20).map((n) => (n === 7 ? { onDone() {} } : n));
      const input = isA(await thrownBy(parallelMap(works.back, items, group, { on: on.shared })), NotCloneableError);
      assert.equal(input.path, "items[7].onDone");
      assert.match(input.message, /the work "back".*items\[7\]\.onDone is a function/);
      const result = isA(await thrownBy(parallelMap(works.handlerOf, upTo(20), group, { on: on.shared })), NotCloneableError);
      assert.equal(result.path, "results[7].list[0]");
      assert.match(result.message, /result of the work "handlerOf"/);
    });
  });

  scenario("what is no work is refused, and so is one that its module does not export", async () => {
    const hidden = work(import.meta, "hidden", ({ from }: Chunk<unknown>) => from);
    await taskGroup(async (group) => {
      for (const call of [
        () => parallelFor((() => {}) as never, { to: 1 }, group, { on: on.shared }),
        () => parallelMap(String as never, [1], group, { on: on.shared }),
        () => parallelReduce({} as never, { to: 1 }, plus, 0, group, { on: on.shared }),
        ...(on.imports ? [() => parallelFor(hidden, { to: 1 }, group, { on: on.shared }), () => parallelMap(works.other, [undefined], group, { on: on.shared })] : []),
      ]) {
        assert.equal(isA(await thrownBy(call()), MisuseError).code, "NOT_DECLARED");
      }
    });
  });
});

describe("arguments that make no sense", () => {
  const never = work(import.meta, "never", ({ from }: Chunk<unknown>) => assert.fail(`it was called from ${from}`));
  const one = work(import.meta, "one", (n: number) => assert.fail(`it was called with ${n}`));
  onEach(({ shared: on }) => {
    scenario("are refused, and nothing is called", async () => {
      await taskGroup(async (group) => {
        const ranges = [{ to: Number.NaN }, { from: Number.NaN, to: 1 }, { to: -1 }, { from: 2, to: 1 }, { to: 1.5 }, { to: Infinity }, { to: "3" }, {}, { from: null, to: 1 }] as { to: number }[];
        for (const no of [null, undefined] as never[]) isA(await thrownBy(parallelFor(never, no, group, { on })), RangeError);
        for (const range of ranges) {
          isA(await thrownBy(parallelFor(never, range, group, { on })), RangeError);
          isA(await thrownBy(parallelReduce(never, range, plus, 0, group, { on })), RangeError);
        }
        for (const chunk of [0, -1, 1.5, Number.NaN, Infinity, "2" as never]) isA(await thrownBy(parallelFor(never, { to: 1 }, group, { on, chunk })), RangeError);
        for (const options of [undefined, {}, { on: undefined }, { on: {} }] as never[]) isA(await thrownBy(parallelFor(never, { to: 1 }, group, options)), TypeError);
        for (const scope of [undefined, { signal: group.signal }] as never[]) isA(await thrownBy(parallelMap(one, [1], scope, { on })), TypeError);
        for (const items of [undefined, null, 5, {}] as never[]) isA(await thrownBy(parallelMap(one, items, group, { on })), TypeError);
        isA(await thrownBy(parallelReduce(never, { to: 1 }, undefined as never, 0, group, { on })), TypeError);
        isA(await thrownBy(parallelFor(never, { to: 1 }, group, { on, whenCancelled: "never" as never })), TypeError);
      });
      const { promise: ended, open } = gate<Parameters<typeof parallelMap>[2]>();
      await taskGroup((group) => open(group));
      assert.equal(isA(await thrownBy(parallelMap(one, [1], await ended, { on })), MisuseError).code, "SCOPE_ENDED");
    });
  });
});
