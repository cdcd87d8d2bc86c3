import assert from "node:assert/strict";
import { describe } from "node:test";
import { moveOnAfter, sleep, taskGroup } from "espalier";
import { park } from "espalier/lowlevel";
import { testClock, treeText } from "espalier/testing";
import { gate, scenario } from "../../tests/conformance/case.ts";

describe("treeText()", () => {
  scenario("treeText() of nothing is empty", () => {
    assert.equal(treeText(), "");
  });

  scenario("treeText() folds equal siblings, with all below them, and keeps the order of coming", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        for (let n = 0; n < 1_000; n++) group.spawn((scope) => scope.failAfter(10, (own) => sleep(5, own)), { name: "fetchPage" });
        group.spawn((scope) => park(scope, "queue", () => {}), { name: "writer", daemon: true });
        group.spawn((scope) => sleep(1, scope), { name: "fetchPage" });
        assert.equal(
          treeText(clock),
          'taskGroup "crawl": runs, or awaits something outside of the library\n  1,000 × fetchPage\n    failAfter: sleep\n  writer: queue\n  fetchPage: sleep',
        );
      },
      { clock, name: "crawl" },
    );
  });

  scenario("treeText() says of each what it waits for, as far as the library knows", async ({ clock, outside }) => {
    const { promise, open } = gate();
    const call = taskGroup(
      (group) => {
        group.spawn(() => promise, { name: "foreign" });
        group.spawn(async (scope) => void (await Promise.all([sleep(1, scope), sleep(2, scope), scope.wait(promise)])), { name: "three" });
        group.spawn((scope) => scope.checkpoint(), { name: "third" });
      },
      { clock, concurrency: 2, name: "main", signal: outside().signal },
    );
    await Promise.resolve();
    assert.deepEqual(treeText(clock).split("\n"), [
      'signal "main"',
      '  taskGroup "main": waits for its tasks',
      "    foreign: runs, or awaits something outside of the library",
      "    three: 2 × sleep, wait",
      "    third: queued",
    ]);
    open();
    await call;
  });

  scenario("treeText() tells cancellations and ends, and takes a scope for what is below it", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        scope.defer(() => assert.match(treeText(clock), /^moveOnAfter "outer" \(ending\)\n {2}shield "cleanup"/));
        scope.cancel("enough");
        await scope.shield((inner) => {
          assert.equal(treeText(inner), "shield: runs, or awaits something outside of the library");
          assert.equal(treeText(scope), 'moveOnAfter "outer" (cancelled: "outer" was cancelled: enough)\n  shield: runs, or awaits something outside of the library');
        });
      },
      { clock, name: "outer" },
    );
  });

  scenario("treeText() of a clock leaves other trees out", async ({ clock }) => {
    await taskGroup(() => assert.equal(treeText(testClock()), ""), { clock });
  });
});
