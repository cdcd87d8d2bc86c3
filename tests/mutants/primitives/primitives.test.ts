/** `explore` must find what is planted in the primitives, and a schedule that it prints must show it again. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ExplorationError, replay } from "espalier/testing";
import { planted } from "./all.ts";
import { Nursery } from "./nursery.ts";
import { seek } from "./seek.ts";

const nursery = new Nursery();
after(() => nursery[Symbol.dispose]());

/** One task must be slow for as long as others take to do much: chance does not give that in 10,000 schedules (run.ts). */
const beyondChance = [
  "looks again when woken",
  "if instead of while",
  "lets go before it waits",
  "notifies without the lock",
  "emptied by who leaves last",
  "keeps what is old",
  "ABA",
  "logged in again",
];

describe("explore() finds a mistake in a primitive by deviations, and the schedule shows it again", () => {
  for (const mistake of planted) {
    test(`${mistake.study[0].replace(".ts", "")}, ${mistake.name}: ${mistake.mistake}`, async (t) => {
      const study = await nursery.plant(mistake);
      const found = await seek(study, "deviations", 1_000);
      assert.ok(found !== undefined, "not found in 1,000 schedules");
      t.diagnostic(`found in schedule ${found.schedules}: ${String(found.cause).split("\n", 1)[0]}`);
      const again = await replay(study.program, found.schedule, { faults: study.faults }).catch((error: unknown) => error);
      assert.ok(again instanceof ExplorationError);
      assert.equal(String(again.cause), String(found.cause));
      assert.equal(again.timeline, found.timeline);
    });
  }
});

describe("explore() finds by priorities what chance does not", () => {
  for (const name of beyondChance) {
    test(name, async () => {
      const study = await nursery.plant(planted.find((mistake) => mistake.name === name)!);
      assert.equal(await seek(study, "chance", 500), undefined);
      assert.ok((await seek(study, "pct", 500)) !== undefined);
    });
  }
});

test("each mistake is told apart by its name, and there are at least twenty of them", () => {
  assert.equal(new Set(planted.map(({ name }) => name)).size, planted.length);
  assert.ok(planted.length >= 20);
});
