/** The primitives of this folder, under every order of a small program, or under some thousands of a larger one. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { explore } from "espalier/testing";
import { studies } from "./studies.ts";

/** A small program has fewer than this. */
const ALL = 5_000;
const SOME = { schedules: 600, seeds: 300 };

for (const [primitive, programs] of Object.entries(studies)) {
  describe(`${primitive}: no order of events, and no cancellation, breaks it`, () => {
    for (const [name, { program, faults, isSmall = false }] of Object.entries(programs)) {
      test(`in ${name}, ${isSmall ? "in any of its orders" : "as far as was looked"}`, async (t) => {
        const { complete, schedules, decisions } = await explore(program, { faults, ...(isSmall ? { schedules: ALL, seeds: 0 } : SOME) });
        if (isSmall) assert.ok(complete, `${schedules} schedules are not all`);
        t.diagnostic(`${schedules} schedules${complete ? ", all there are" : ""}, of up to ${decisions} decisions`);
      });
    }
  });
}
