import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Picture } from "../../../../inspect/watch/picture.ts";
import type { Change, Resource } from "../../../../inspect/watch/wire.ts";
import { chainOf } from "./chain.ts";
import { Tree } from "./tree.ts";

const task = (id: number, name: string, ...waits: string[]): Change => ({ id, parent: 1, name, kind: "task", openedAt: 0, waits });
const pool = (name: string, ...holders: number[]): Resource => ({ kind: "pool", name, figures: { max: holders.length, lent: holders.length }, holders: holders.map((id) => ({ id, since: 0 })) });
const channel = (name: string): Resource => ({ kind: "channel", name, figures: { capacity: 0, buffered: 0, senders: 1, receivers: 1, waitingReceivers: 1 }, holders: [] });

/** The way from one of them, as a text. */
function chain(from: number, changes: readonly Change[], resources: readonly Resource[] = []): string[] {
  const picture = new Picture();
  const tree = new Tree(picture);
  picture.apply({ at: 0, changes: [{ id: 1, parent: 0, name: "jobs", kind: "taskGroup", openedAt: 0 }, ...changes], resources, behind: 0, missed: 0, causes: [] });
  const { links, round } = chainOf(picture, tree, tree.items.get(from)!);
  const texts = links.map((link) => {
    const { name } = link.item.seen;
    if (link.kind === "held") return `${name}: ${link.resource.name} of ${link.holders.map(({ seen }) => seen.name).join()}`;
    if (link.kind === "turn") return `${name}: ${link.turn.count} places of ${link.turn.group.seen.name}: ${link.turn.taken.map(({ seen }) => seen.name).join()}`;
    if (link.kind === "channel") return `${name}: ${link.what} ${link.name}`;
    if (link.kind === "holds") return `${name} has ${link.own.count} ${link.resource.name}: ${link.count} ${link.waiters.map(({ seen }) => seen.name).join()}`;
    return `${name}: ${link.item.wait || "runs"}`;
  });
  return round === undefined ? texts : [...texts, `round to ${round.seen.name}`];
}

describe("why somebody does not get on", () => {
  test("goes from who waits to who holds, until it comes round", () => {
    const changes = [task(2, "first", "acquire(b)"), task(3, "second", "acquire(a)"), task(4, "outside", "acquire(a)")];
    const resources = [pool("a", 2), pool("b", 3)];
    assert.deepEqual(chain(2, changes, resources), ["first: b of second", "second: a of first", "round to first"]);
    assert.deepEqual(chain(4, changes, resources), ["outside: a of first", "first: b of second", "second: a of first", "round to first"]);
  });

  test("ends at who sleeps or computes", () => {
    assert.deepEqual(chain(2, [task(2, "waiter", "acquire(a)"), task(3, "sleeper", "sleep")], [pool("a", 3)]), ["waiter: a of sleeper", "sleeper: sleep"]);
    assert.deepEqual(chain(2, [task(2, "waiter", "acquire(a)"), task(3, "worker")], [pool("a", 3)]), ["waiter: a of worker", "worker: runs"]);
    assert.deepEqual(chain(2, [task(2, "sleeper", "sleep")]), []);
  });

  test("of a channel says that nobody knows who has its other end, and who waits for what is held meanwhile", () => {
    const changes = [task(2, "job 17", "receive(answers)"), task(3, "follow", "sleep"), task(4, "job 18", "acquire(database)"), task(5, "approve", "acquire(database)")];
    const resources = [pool("database", 3, 2), channel("answers")];
    assert.deepEqual(chain(2, changes, resources), ["job 17: receive answers", "job 17 has 1 database: 2 job 18,approve"]);
    assert.deepEqual(chain(5, changes, resources), ["approve: database of follow,job 17", "job 17: receive answers", "job 17 has 1 database: 2 approve,job 18"]);
    assert.deepEqual(chain(2, [task(2, "writer", "send(log)")]), ["writer: send log"]);
  });

  test("names those whose turn it is, and goes on with one that does not get on", () => {
    const changes = [task(2, "job 1", "sleep"), task(3, "job 2", "receive(answers)"), task(4, "job 3", "place"), task(5, "job 4", "place")];
    assert.deepEqual(chain(4, changes), ["job 3: 2 places of jobs: job 1,job 2", "job 2: receive answers"]);
  });
});
