import assert from "node:assert/strict";
import { describe } from "node:test";
import { sleep, taskGroup } from "espalier";
import { record } from "espalier/testing";
import { scenario } from "../../tests/conformance/case.ts";

describe("record()", () => {
  scenario("record() writes down each fact in order, as data and as a text", async ({ clock }) => {
    const recording = record();
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(1_000, scope), { name: "sleeper" });
        await sleep(1, group);
        group.cancel();
      },
      { clock, name: "main" },
    );
    recording.stop();
    await taskGroup(() => {}, { clock });
    assert.deepEqual(recording.text.split("\n"), [
      "main: opened (taskGroup)",
      "sleeper: opened (task of main)",
      "sleeper: waits: sleep",
      "main: waits: sleep",
      "main: goes on: sleep",
      'main: cancelled: "main" was cancelled',
      'sleeper: cancelled: "main" was cancelled',
      "sleeper: goes on: sleep",
      "sleeper: ended",
      "main: ended",
    ]);
    assert.deepEqual(recording.facts[2], { fact: "parked", name: "sleeper", kind: "task", owner: "main", wait: "sleep" });
  });

  scenario("record() ends with its block", async ({ clock }) => {
    const { facts } = await (async () => {
      using recording = record();
      await taskGroup(() => {}, { clock });
      return recording;
    })();
    await taskGroup(() => {}, { clock });
    assert.deepEqual(facts.map(({ fact }) => fact), ["opened", "ended"]);
  });
});
