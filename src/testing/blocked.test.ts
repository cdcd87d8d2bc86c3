/** What only Node.js can tell of a task that awaits something outside of the library; the rest is K01. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { stat } from "node:fs/promises";
import { taskGroup } from "espalier";
import { realClock } from "espalier/lowlevel";
import { external, testClock, waitAllTasksBlocked } from "espalier/testing";
import { gate, quiet, scenario } from "../../tests/conformance/case.ts";
import { turn } from "./turns.ts";

const works: Record<string, () => Promise<unknown>> = {
  "turns of the event loop": async () => {
    for (let n = 0; n < 10; n++) await new Promise((resolve) => void setImmediate(resolve));
  },
  "a file": () => stat(new URL(import.meta.url)),
  "a timer of the platform": () => new Promise((resolve) => void setTimeout(resolve, 20)),
  "registered work": async () => {
    const { promise, open } = gate();
    const work = external(promise);
    for (let n = 0; n < 50; n++) await turn();
    open();
    await work;
  },
};

describe("waitAllTasksBlocked()", () => {
  for (const [name, work] of Object.entries(works)) {
    for (const [clock, make] of Object.entries({ "a test clock": testClock, "the real clock": () => realClock })) {
      scenario(`waitAllTasksBlocked() on ${clock} takes no task for blocked that awaits ${name}`, async () => {
        const record: string[] = [];
        await taskGroup(
          async (group) => {
            group.spawn(() => work().then(() => record.push("worked")));
            await waitAllTasksBlocked(group);
            record.push("all blocked");
          },
          { clock: make() },
        );
        assert.deepEqual(record, ["worked", "all blocked"]);
      });
    }
  }

  scenario("waitAllTasksBlocked() takes a task for blocked that awaits a plain promise of which nothing can come", async ({ clock }) => {
    const { promise, open } = gate();
    await taskGroup(
      async (group) => {
        group.spawn(() => promise);
        await waitAllTasksBlocked(group);
        open();
      },
      { clock },
    );
    await quiet();
  });
});
