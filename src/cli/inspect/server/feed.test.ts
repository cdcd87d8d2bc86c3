import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Picture, type Seen } from "../../../inspect/watch/picture.ts";
import { Program } from "../../../inspect/watch/program.ts";
import type { Change } from "../../../inspect/watch/wire.ts";
import { Feed, PORTION } from "./feed.ts";

function watched(): { program: Program; tell: (...changes: Change[]) => void } {
  const program = new Program();
  let at = 0;
  return { program, tell: (...changes) => program.batch({ at: ++at, changes, behind: 0, missed: 0, causes: [[1, [{ text: "because" }]]] }) };
}

const opened = (id: number, parent = 0): Change => ({ id, parent, name: `task ${id}`, kind: "task", openedAt: id, waits: ["sleep"], steps: [[id, "sleep"]] });

/** Tells a page all that there is to be told. */
function drain(feed: Feed, page: Picture): number {
  let portions = 0;
  do {
    const { batch } = feed.next();
    assert.ok(batch.changes.length <= PORTION);
    page.apply(batch);
    portions++;
  } while (feed.behind > 0);
  return portions;
}

const all = (picture: Picture): Seen[] => [...picture.seen.values()].sort((a, b) => a.id - b.id);

describe("the feed of a page", () => {
  test("tells one that has just come all there is, in portions", () => {
    const { program, tell } = watched();
    tell(...Array.from({ length: 3_500 }, (_, n) => opened(n + 1, n === 0 ? 0 : 1)));
    tell({ id: 7, cause: 1, cancelledAt: 2 });
    const page = new Picture();
    assert.equal(drain(new Feed(program), page), 4);
    assert.deepEqual(all(page), all(program.picture));
    assert.deepEqual(page.causes, program.picture.causes);
  });

  test("tells what has changed since, once, with the steps that are new", () => {
    const { program, tell } = watched();
    tell(opened(1), opened(2));
    const feed = new Feed(program);
    const page = new Picture();
    drain(feed, page);
    tell({ id: 1, waits: [], steps: [[5, ""]] });
    tell({ id: 1, waits: ["lock"], steps: [[6, "lock"]], skipped: 3 });
    const { batch } = feed.next();
    assert.deepEqual(batch.changes.map(({ id, steps, skipped }) => ({ id, steps, skipped })), [{ id: 1, steps: [[5, ""], [6, "lock"]], skipped: 3 }]);
    page.apply(batch);
    assert.deepEqual(all(page), all(program.picture));
    assert.deepEqual(feed.next().batch.changes, []);
  });

  test("says where steps are missing that are not kept any more", () => {
    const { program, tell } = watched();
    tell(opened(1));
    const feed = new Feed(program);
    const page = new Picture();
    drain(feed, page);
    for (let n = 0; n < 250; n++) tell({ id: 1, steps: [[n + 2, `step ${n}`]] });
    assert.deepEqual(feed.next().batch.changes[0]!.steps!.slice(0, 2), [[52, "…"], [53, "step 51"]]);
    assert.deepEqual(new Feed(program).next().batch.changes[0]!.steps!.slice(0, 2), [[1, "…"], [52, "step 50"]]);
  });

  test("tells the end of what a slow page knows, though nobody else knows it any more", () => {
    const { program, tell } = watched();
    tell(...Array.from({ length: 12_000 }, (_, n) => opened(n + 1)));
    const feed = new Feed(program);
    const page = new Picture();
    drain(feed, page);
    for (let id = 1; id <= 12_000; id++) tell({ id, waits: [], endedAt: 20_000, outcome: "succeeded" });
    assert.equal(program.picture.seen.size, 10_000);
    drain(feed, page);
    assert.equal(page.alive, 0);
  });

  test("tells nothing of what came and went between two portions and is forgotten", () => {
    const { program, tell } = watched();
    const feed = new Feed(program);
    for (let id = 1; id <= 11_000; id++) tell({ ...opened(id), waits: [], endedAt: id, outcome: "succeeded" });
    assert.equal(feed.behind, 10_000);
  });

  test("tells how the program is, delays, warnings and resources, each once", () => {
    const { program } = watched();
    program.hello({ pid: 1, runtime: "node 26", command: "x", cwd: "/", began: 0 });
    const resources = [{ kind: "pool", name: "db", figures: { max: 1 }, holders: [] }];
    program.batch({ at: 1, changes: [], behind: 7, missed: 2, causes: [], resources, delays: [{ at: 1, mean: 0, max: 1 }], warnings: [{ at: 1, text: "oh" }], places: [{ id: 1, started: "x:1" }] });
    const feed = new Feed(program);
    const { batch, status, identity } = feed.next();
    assert.deepEqual([status, identity?.pid, batch.behind, batch.missed], ["live", 1, 7, 2]);
    assert.deepEqual([batch.resources, batch.delays?.length, batch.warnings?.length, batch.places?.length], [resources, 1, 1, 1]);
    const { batch: next } = feed.next();
    assert.deepEqual([next.resources, next.delays, next.warnings, next.places, next.missed], [undefined, undefined, undefined, undefined, 0]);
  });
});
