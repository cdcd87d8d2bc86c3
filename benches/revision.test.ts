import assert from "node:assert/strict";
import { test } from "node:test";
import { keepCompared, takeCompared } from "./revision.ts";

const module = "file:///benches/core/flat.ts";

test("keepCompared() gives head ÷ base of each way, by rounds", () => {
  keepCompared(module, "group", [1, 2, 4], [2, 4, 8]);
  const [one, ...others] = takeCompared();
  assert.deepEqual(others, []);
  assert.deepEqual([one!.row, one!.way, one!.base, one!.head, one!.ratio.median], ["flat", "group", 2, 4, 2]);
});

test("keepCompared() compares each number that a sample has by name, and leaves the others out", () => {
  const sample = (ms: number) => ({ ms, batches: [ms], system: "linux" });
  keepCompared(module, "fetch", [sample(1), sample(1)], [sample(3), sample(3)]);
  assert.deepEqual(takeCompared().map(({ way, ratio }) => [way, ratio.median]), [["fetch: ms", 3]]);
});

test("keepCompared() has nothing to say where a build failed, or where the base has nothing to divide by", () => {
  keepCompared(module, "lost", [], [1]);
  keepCompared(module, "counted", [0, 0], [1, 2]);
  assert.deepEqual(takeCompared(), []);
});

test("takeCompared() gives what was kept once", () => {
  keepCompared(module, "group", [1], [1]);
  assert.equal(takeCompared().length, 1);
  assert.equal(takeCompared().length, 0);
});
