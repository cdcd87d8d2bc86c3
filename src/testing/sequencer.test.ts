/** `Sequencer` in every order of pauses and cancellations. (The rest: K03 in tests/conformance/test-kit.test.ts.) */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, MisuseError } from "espalier";
import { explore, Sequencer } from "espalier/testing";

test("sequencer.at() that is cancelled in the pause before its step breaks all later points", async () => {
  const ends = new Set<string>();
  await explore(
    async (group) => {
      const order = new Sequencer();
      group.spawn((scope) => order.at(0, scope));
      group.spawn((scope) =>
        order.at(1, scope).then(
          () => ends.add("reached"),
          (error: unknown) => ends.add(error instanceof MisuseError ? error.code : error instanceof CancelledError ? "cancelled" : String(error)),
        ),
      );
    },
    { faults: ["cancel"] },
  );
  assert.deepEqual(ends, new Set(["reached", "SEQUENCE_BROKEN", "cancelled"]));
});
