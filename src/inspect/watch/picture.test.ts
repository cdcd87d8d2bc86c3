import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Picture, type Seen } from "./picture.ts";
import type { Batch, Change } from "./wire.ts";

const batch = (at: number, ...changes: Change[]): Batch => ({ at, changes, behind: 0, missed: 0, causes: [] });
const opened = (id: number, parent = 0): Change => ({ id, parent, name: `task ${id}`, kind: "task", openedAt: id, waits: [] });

describe("a picture", () => {
  test("keeps what a change does not tell, and the end for ever", () => {
    const picture = new Picture();
    picture.apply(batch(1, { ...opened(1), waits: ["sleep"], steps: [[1, "sleep"]] }));
    picture.apply(batch(2, { id: 1, waits: [], steps: [[2, ""]] }));
    picture.apply(batch(3, { id: 1, waits: [], endedAt: 3, outcome: "failed", error: "Error: no" }));
    picture.apply(batch(4, { id: 1, endedAt: 4, outcome: "succeeded" }));
    const { name, steps, endedAt, outcome, error } = picture.seen.get(1)!;
    assert.deepEqual([name, steps, endedAt, outcome, error], ["task 1", [[1, "sleep"], [2, ""]], 3, "failed", "Error: no"]);
    assert.equal(picture.alive, 0);
  });

  test("keeps the last steps, and says how many came before", () => {
    const picture = new Picture({ steps: 3 });
    picture.apply(batch(1, { ...opened(1), steps: [[1, "a"], [2, "b"]] }));
    picture.apply(batch(2, { id: 1, steps: [[3, "c"], [4, "d"]], skipped: 5 }));
    const { steps, stepsBefore, stepsSkipped } = picture.seen.get(1)!;
    assert.deepEqual([steps, stepsBefore, stepsSkipped], [[[2, "b"], [3, "c"], [4, "d"]], 1, 5]);
  });

  test("drops the ended ones that ended first, and tells whoever views it", () => {
    const picture = new Picture({ ended: 2 });
    const dropped: number[] = [];
    const changed: number[] = [];
    picture.view({ changed: ({ id }: Seen) => changed.push(id), dropped: ({ id }) => dropped.push(id) });
    picture.apply(batch(1, opened(1), opened(2, 1), opened(3, 1), opened(4, 1)));
    for (const id of [4, 2, 3]) picture.apply(batch(2, { id, endedAt: 2, outcome: "succeeded" }));
    assert.deepEqual(dropped, [4]);
    assert.deepEqual([...picture.seen.keys()], [1, 2, 3]);
    assert.deepEqual(changed, [1, 2, 3, 4, 4, 2, 3]);
    assert.equal(picture.alive, 1);
  });

  test("keeps a bounded number of delays, warnings and causes", () => {
    const picture = new Picture();
    for (let at = 0; at < 1_000; at++) picture.apply({ ...batch(at), delays: [{ at, mean: 1, max: 2 }], warnings: [{ at, text: "w" }], causes: Array.from({ length: 20 }, (_, n) => [20 * at + n, []]) });
    assert.deepEqual([picture.delays.length, picture.warnings.length, picture.causes.size], [600, 200, 10_000]);
    assert.equal(picture.warnings.at(-1)!.at, 999);
  });
});
