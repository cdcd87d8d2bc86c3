import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Picture } from "../../../../inspect/watch/picture.ts";
import type { Change, Step } from "../../../../inspect/watch/wire.ts";
import { Tree } from "../model/tree.ts";
import { segmentsOf } from "./segments.ts";

/** The lane of the first of them: `from-to label`. */
function lane(changes: readonly Change[], from = 0, to = 100, now = 100): string[] {
  const picture = new Picture();
  const tree = new Tree(picture);
  picture.apply({ at: now, changes, behind: 0, missed: 0, causes: [] });
  return segmentsOf(tree.items.get(1)!, from, to, now).map((segment) => `${segment.from}-${segment.to} ${segment.label || "running"}`);
}

const opened = (id: number, parent: number, openedAt: number, steps: Step[], more: Partial<Change> = {}): Change => ({ id, parent, name: "x", kind: id === 1 ? "task" : "failAfter", openedAt, steps, ...more });

describe("a lane", () => {
  test("shows what a function did, from its start to its end, or to now", () => {
    const steps: Step[] = [[20, "sleep"], [40, ""], [50, "lock"]];
    assert.deepEqual(lane([opened(1, 0, 10, steps)]), ["10-20 running", "20-40 sleep", "40-50 running", "50-100 lock"]);
    assert.deepEqual(lane([opened(1, 0, 10, steps, { endedAt: 70 })]).at(-1), "50-70 lock");
  });

  test("is cut at the edges of what is shown", () => {
    const steps: Step[] = [[20, "sleep"], [40, ""], [50, "lock"]];
    assert.deepEqual(lane([opened(1, 0, 10, steps)], 30, 45), ["30-40 sleep", "40-45 running"]);
    assert.deepEqual(lane([opened(1, 0, 10, steps)], 0, 5), []);
    assert.deepEqual(lane([opened(1, 0, 10, steps, { endedAt: 60 })], 70, 80), []);
  });

  test("shows what it waits for in the scopes that it opened, in the last of which it is", () => {
    const session = opened(2, 1, 20, [[20, "sleep"], [40, ""]]);
    const flush = opened(3, 1, 50, [[55, "send(log)"]], { endedAt: 80 });
    assert.deepEqual(lane([opened(1, 0, 10, []), session, flush]), ["10-20 running", "20-40 sleep", "40-50 running", "50-55 running", "55-80 send(log)", "80-100 running"]);
  });

  test("knows nothing of what was before the steps that are kept", () => {
    const steps = Array.from({ length: 250 }, (_, n): Step => [n / 10, n % 2 === 0 ? "sleep" : ""]);
    assert.equal(lane([opened(1, 0, 0, steps)])[0], "5-5.1 sleep");
  });
});
