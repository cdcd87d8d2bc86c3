/** The failure of a source that `map` closes is not lost (G3), whatever made it close. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { map, moveOnAfter, sleepForever, suppressed } from "espalier";
import { same, scenario, thrownBy } from "../../tests/conformance/case.ts";

const [E, F] = [new Error("E"), new Error("F")];
// oxlint-disable no-unsafe-finally -- sources that fail in their cleanup are what is tested
const sources: Record<string, () => Iterable<number> | AsyncIterable<number>> = {
  "a generator": function* () {
    try {
      for (;;) yield 1;
    } finally {
      throw F;
    }
  },
  "an async generator": async function* () {
    try {
      for (;;) yield 1;
    } finally {
      throw F;
    }
  },
  "an async iterator whose return() throws": () => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: 1 }),
      return: () => {
        throw F;
      },
    }),
  }),
};

describe("map() closes a source whose cleanup fails", () => {
  for (const [name, source] of Object.entries(sources)) {
    scenario(`… ${name}: after a function's failure, that one is thrown and carries the source's`, async ({ clock }) => {
      const error = await thrownBy(map(source(), () => Promise.reject(E), { clock, concurrency: 1 }));
      assert.equal(error, E);
      same(suppressed(error), [F]);
    });

    scenario(`… ${name}: after an outer cancellation, the source's failure is thrown (G7)`, async ({ clock }) => {
      const call = moveOnAfter(10, (scope) => scope.map(source(), (_item, own) => sleepForever(own), { concurrency: 1 }), { clock, fallback: "absorbed" });
      assert.equal(await thrownBy(call), F);
    });
  }
});

scenario("G3: the failure of a source that had its own map() cancelled is what is thrown", async ({ clock, outside }) => {
  const client = outside();
  const items = function* (): Generator<number> {
    yield 1;
    client.abort("gone");
    throw F;
  };
  same([await thrownBy(map(items(), (_, scope) => sleepForever(scope), { clock, signal: client.signal }))], [F]);
});
