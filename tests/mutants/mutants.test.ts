/** The model test must find what is wrong: each planted mistake, by the oracle of the guarantee that it breaks. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { mutants } from "./all.ts";
import { Copy } from "./copy.ts";
import { hunted } from "./hunt.ts";

describe("the model test finds a planted mistake", () => {
  const copy = new Copy();
  after(() => copy[Symbol.dispose]());

  for (const mutant of mutants) {
    test(`${mutant.guarantee}: ${mutant.mistake}`, async (t) => {
      const { trees, findings } = await hunted(copy, mutant);
      assert.ok(findings.length > 0, `no violation of ${mutant.guarantee} in ${trees} trees`);
      const { what } = findings[0]!.violations.find(({ guarantee }) => guarantee === mutant.guarantee)!;
      t.diagnostic(`found in tree ${trees}: ${what}`);
    });
  }

  // The model test itself runs these seeds and more on the core; here it is the copying that is tested.
  test("and finds none in a copy without one", async () => {
    const { findings } = await hunted(copy, undefined, 300);
    assert.deepEqual(findings, []);
  });
});

test("there is one mistake for each of G1 to G15", () => {
  assert.deepEqual(
    mutants.map(({ guarantee }) => guarantee),
    Array.from({ length: 15 }, (_, index) => `G${index + 1}`),
  );
});
