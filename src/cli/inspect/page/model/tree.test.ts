import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Picture } from "../../../../inspect/watch/picture.ts";
import type { Change } from "../../../../inspect/watch/wire.ts";
import type { Item } from "./item.ts";
import { isMore, MOST_ROWS, reveal, type Row, rowsOf, toggle } from "./rows.ts";
import { Tree } from "./tree.ts";

function pictured(...changes: Change[]): { picture: Picture; tree: Tree; tell: (...changes: Change[]) => void } {
  const picture = new Picture();
  const tree = new Tree(picture);
  let at = 0;
  const tell = (...changes: Change[]): void => picture.apply({ at: ++at, changes, behind: 0, missed: 0, causes: [] });
  tell(...changes);
  return { picture, tree, tell };
}

const opened = (id: number, parent: number, name: string, waits: string[] = [], kind = "task"): Change => ({ id, parent, name, kind, openedAt: 0, waits, steps: waits.length > 0 ? [[0, waits[0]!]] : [] });
const group = (id: number, parent: number, name: string): Change => opened(id, parent, name, [], "taskGroup");

/** As a reader sees it. */
function lines(tree: Tree): string[] {
  return rowsOf(tree).map((row: Row) => {
    const indent = "  ".repeat(row.depth);
    if (isMore(row)) return `${indent}… ${row.more}`;
    const { item, fold } = row;
    const { wait, via, state, seen } = item;
    return `${indent}${fold === undefined ? "" : `${fold.members.size} × `}${seen.name} ${state}${wait === "" ? "" : ` ${wait}`}${via === "" ? "" : ` in ${via}`}`;
  });
}

const crowd = (count: number): Change[] => [group(1, 0, "crawl"), ...Array.from({ length: count }, (_, n) => opened(n + 2, 1, `job ${n}`, ["sleep"]))];

describe("the tree of the page", () => {
  test("shows equal siblings as one line, also where their names differ by a number only", () => {
    const { tree, tell } = pictured(...crowd(990), opened(2_000, 1, "job 991", ["wait"]));
    assert.deepEqual(lines(tree), ["crawl running", "  990 × job 0 waiting sleep", "  job 991 waiting wait"]);
    tell({ id: 7, waits: ["receive(letters)"], steps: [[1, "receive(letters)"]] });
    assert.deepEqual(lines(tree).slice(1), ["  989 × job 0 waiting sleep", "  job 991 waiting wait", "  job 5 waiting receive(letters)"]);
    tell({ id: 7, waits: ["sleep"] });
    assert.deepEqual(lines(tree).slice(1), ["  990 × job 0 waiting sleep", "  job 991 waiting wait"]);
  });

  test("tells apart what differs further in", () => {
    const { tree } = pictured(...[1, 2, 3].flatMap((n) => [opened(10 * n, 0, `worker ${n}`), group(10 * n + 1, 10 * n, "batch"), opened(10 * n + 2, 10 * n + 1, "item", [n === 2 ? "lock" : "sleep"])]));
    assert.deepEqual(lines(tree).filter((line) => !line.startsWith(" ")), ["2 × worker 1 running in batch", "worker 2 running in batch"]);
  });

  test("tells of a function what it waits for in the scopes that it opened", () => {
    const { tree, tell } = pictured(opened(1, 0, "load"), opened(2, 1, "within 5 s", [], "failAfter"), opened(3, 2, "once", ["send(log)"], "shield"));
    assert.deepEqual(lines(tree), ["load waiting send(log) in within 5 s › once"]);
    assert.deepEqual(tree.counts.waiting, 1);
    tell({ id: 3, waits: [], endedAt: 2, outcome: "succeeded" }, { id: 2, waits: [], endedAt: 2, outcome: "succeeded" });
    assert.deepEqual(lines(tree), ["load running"]);
    assert.deepEqual([tree.counts.waiting, tree.counts.running], [0, 1]);
  });

  test("tells of a function that it has not left a scope which was cancelled", () => {
    const { tree, tell } = pictured(opened(1, 0, "load"), opened(2, 1, "session", ["sleep"], "moveOnAfter"));
    tell({ id: 2, waits: [], cause: 1, cancelledAt: 5 }, opened(3, 1, "flush", ["send(log)"], "shield"));
    assert.deepEqual([lines(tree), tree.items.get(1)!.leaving, tree.counts.cancelling], [["load cancelling send(log) in flush"], "session", 1]);
  });

  test("keeps a line in its place when it changes", () => {
    const { tree, tell } = pictured(opened(1, 0, "a", ["sleep"]), opened(2, 0, "b", ["sleep"]));
    tell({ id: 1, waits: ["lock"] });
    assert.deepEqual(lines(tree), ["a waiting lock", "b waiting sleep"]);
  });

  test("shows those that have ended after the others, and not where the filter says so", () => {
    const { tree, tell } = pictured(opened(1, 0, "first"), opened(2, 0, "second"));
    tell({ id: 1, waits: [], endedAt: 1, outcome: "failed", error: "Error: no" });
    assert.deepEqual(lines(tree), ["second running", "first failed"]);
    tree.filter({ text: "", states: new Set(), hasEnded: false });
    tree.sift(Infinity);
    assert.deepEqual(lines(tree), ["second running"]);
  });

  test("filters by words and by time, with what the matches are in", () => {
    const { tree, tell } = pictured(...crowd(100), opened(200, 1, "job 200", ["wait"]));
    const filter = (text: string): string[] => {
      tree.filter({ text, states: new Set(), hasEnded: true });
      tree.sift(Infinity);
      return lines(tree);
    };
    assert.deepEqual(filter("WAIT job"), ["crawl running", "  100 × job 0 waiting sleep", "  job 200 waiting wait"]);
    assert.deepEqual(filter("sleep job 99"), ["crawl running", "  job 99 waiting sleep"]);
    assert.deepEqual(filter("nothing of that"), []);
    assert.deepEqual(filter(">1ms"), ["crawl running", "  100 × job 0 waiting sleep", "  job 200 waiting wait"]);
    for (let n = 0; n < 3_000; n++) tell();
    tell({ id: 200, waits: ["lock"], steps: [[2_990, "lock"]] });
    assert.deepEqual(filter(">1s"), ["crawl running", "  100 × job 0 waiting sleep"]);
    assert.deepEqual(filter(">").length, 3, "half a condition is none");
  });

  test("filters by what a task holds, and tells it apart from those that hold nothing", () => {
    const { picture, tree } = pictured(...crowd(3), opened(10, 3, "inside", [], "shield"));
    const holders = (...ids: number[]): void => {
      picture.note({ at: 1, behind: 0, missed: 0, causes: [], resources: [{ kind: "pool", name: "database", figures: {}, holders: ids.map((id) => ({ id, since: 0 })) }] });
      tree.hold();
      tree.sift(Infinity);
    };
    const filter = { states: new Set<never>(), hasEnded: true };
    tree.filter({ ...filter, text: "database" });
    tree.sift(Infinity);
    assert.deepEqual(lines(tree), []);
    holders(2);
    assert.deepEqual(lines(tree), ["crawl running", "  job 0 waiting sleep"]);
    holders(10);
    assert.deepEqual(lines(tree), ["crawl running", "  job 1 waiting sleep"]);
    assert.deepEqual(tree.items.get(3)!.holds, ["database"]);
    tree.filter({ ...filter, text: "" });
    tree.sift(Infinity);
    assert.deepEqual(lines(tree).filter((line) => line.startsWith("  ") && !line.startsWith("    ")).toSorted(), ["  2 × job 0 waiting sleep", "  job 1 waiting sleep"]);
    holders();
    assert.deepEqual(tree.items.get(3)!.holds, []);
  });

  test("a filter is applied in parts, whose work is bounded", () => {
    const { tree } = pictured(...crowd(5_000));
    tree.filter({ text: "job 4999", states: new Set(), hasEnded: true });
    let parts = 0;
    while (tree.isSifting) {
      const before = tree.work;
      tree.sift(500);
      parts++;
      assert.ok(tree.work - before <= 502);
    }
    assert.ok(parts > 10);
    assert.deepEqual(lines(tree), ["crawl running", "  job 4999 waiting sleep"]);
  });

  test("a change takes as many steps as there are scopes around, however many siblings there are", () => {
    const { tree, tell } = pictured(...crowd(20_000));
    const before = tree.work;
    for (let n = 0; n < 1_000; n++) tell({ id: 2 + n, waits: ["lock"] });
    assert.ok(tree.work - before <= 2_000, `${tree.work - before} steps`);
  });

  test("what is dropped is gone, and so is what it gave", () => {
    const picture = new Picture({ ended: 1 });
    const tree = new Tree(picture);
    const tell = (...changes: Change[]): void => picture.apply({ at: 1, changes, behind: 0, missed: 0, causes: [] });
    tell(group(1, 0, "g"), opened(2, 1, "a"), opened(3, 1, "b"), { id: 2, endedAt: 1, outcome: "failed" }, { id: 3, endedAt: 1, outcome: "succeeded" });
    assert.deepEqual(lines(tree), ["g running"]);
    toggle(rowsOf(tree)[0]!);
    assert.deepEqual(lines(tree), ["g running", "  b succeeded"]);
    assert.deepEqual([tree.counts.failed, tree.counts.succeeded], [0, 1]);
    tell({ id: 1, endedAt: 2, outcome: "succeeded" });
    assert.deepEqual(lines(tree), ["g succeeded"]);
  });
});

describe("the lines", () => {
  test("are bounded, and more are shown when asked for", () => {
    const { tree } = pictured(group(1, 0, "crawl"), ...Array.from({ length: 20_000 }, (_, n) => opened(n + 2, 1, `job ${String.fromCodePoint(0x4e00 + n)}`)));
    let rows = rowsOf(tree);
    assert.deepEqual([rows.length, rows.at(-1)], [202, { depth: 1, more: 19_800, of: tree.items.get(1)!.folds }]);
    toggle(rows.at(-1)!);
    rows = rowsOf(tree);
    assert.equal(rows.length, 1_202);
    for (let n = 0; n < 20; n++) toggle(rows.at(-1)!);
    assert.ok(rowsOf(tree).length <= MOST_ROWS + 2);
  });

  test("of equal ones are shown one by one when opened, and when one of them is looked for", () => {
    const { tree } = pictured(...crowd(500));
    toggle(rowsOf(tree)[1]!);
    assert.deepEqual(lines(tree).slice(0, 4), ["crawl running", "  500 × job 0 waiting sleep", "    job 0 waiting sleep", "    job 1 waiting sleep"]);
    assert.equal(lines(tree).at(-1), "    … 300");
    toggle(rowsOf(tree)[1]!);
    reveal(tree.items.get(3)!);
    assert.equal(lines(tree)[3], "    job 1 waiting sleep");
  });
});

test("after any changes the tree is what it would be if it were made anew", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) % below;
  const { picture, tree, tell } = pictured();
  let last = 0;
  for (let round = 0; round < 3_000; round++) {
    const alive = [...picture.seen.values()].filter(({ endedAt }) => endedAt === undefined);
    const some = alive[random(Math.max(1, alive.length))];
    const leaf = alive.find((seen) => !alive.some(({ parent }) => parent === seen.id));
    const dice = random(10);
    if (some === undefined || dice < 4) tell(opened(++last, random(5) === 0 ? 0 : (some?.id ?? 0), `n${random(3)}`, [], random(3) === 0 ? "shield" : "task"));
    else if (dice < 8) tell({ id: some.id, waits: [[], ["sleep"], ["lock"]][random(3)]! });
    else if (dice < 9) tell({ id: some.id, parent: alive.filter(({ id }) => id < some.id)[0]?.id ?? 0 });
    else if (leaf !== undefined) tell({ id: leaf.id, waits: [], endedAt: round, outcome: "cancelled" });
    if (round % 500 === 250) {
      tree.filter({ text: ["n1", "", "sleep"][random(3)]!, states: new Set(), hasEnded: random(2) === 0 });
      tree.sift(Infinity);
    }
  }
  const shape = (item: Item): unknown => [...(item.folds?.byDigest.values() ?? [])].map(({ members, place }) => `${place} ${[...members].map(({ seen }) => seen.id).sort((a, b) => a - b).join()}`).sort();
  const anew = new Picture();
  const other = new Tree(anew);
  for (const seen of picture.seen.values()) anew.merge({ ...seen, cause: 0 } as Change);
  tree.filter({ text: "", states: new Set(), hasEnded: true });
  tree.sift(Infinity);
  assert.ok(tree.items.size > 500);
  assert.deepEqual(tree.counts, other.counts);
  for (const [id, item] of tree.items) {
    const twin = other.items.get(id)!;
    assert.deepEqual([shape(item), item.matching, item.tasksBelow, item.wait, item.via], [shape(twin), twin.matching, twin.tasksBelow, twin.wait, twin.via], item.seen.name);
  }
});
