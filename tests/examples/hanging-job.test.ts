/** The example to be found with `espalier inspect`: that it hangs, and that the page has what tells why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, type Scope, sleep } from "espalier";
import type { Item } from "../../src/cli/inspect/page/model/item.ts";
import { chainOf } from "../../src/cli/inspect/page/model/chain.ts";
import { holdingsOf } from "../../src/cli/inspect/page/model/relations.ts";
import { Tree } from "../../src/cli/inspect/page/model/tree.ts";
import { runWatched } from "../../src/cli/inspect/watched-script.ts";
import { Program } from "../../src/inspect/watch/program.ts";

const file = fileURLToPath(new URL("../../examples/hanging-job.ts", import.meta.url));
const LOOK_MS = 50;

/** Asks again and again, as a reader looks at a page. */
async function seen<T>(look: () => T | undefined, scope: Scope): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(LOOK_MS, scope);
  }
}

test("job 17 of hanging-job.ts waits for who waits for what it holds", () =>
  run(
    (scope) =>
      scope.failAfter(50_000, (limited) =>
        limited.race([
          async (own) => {
            await runWatched(program, { runtime: [process.execPath, "--conditions=espalier:source"], file, args: [], debug: true }, own);
            assert.fail("it does not hang");
          },
          async (own) => {
            const waiting = (name: string, wait: string): Item | undefined => [...(tree.waiting.get(wait) ?? [])].find((item) => item.seen.name === name || item.parent?.seen.name === name);
            const job = await seen(() => waiting("job 17", "receive(approval of order 17)"), own);
            const held = await seen(() => holdingsOf(program.picture, tree, job)[0], own);
            assert.equal(held.resource.name, "database");
            await seen(() => waiting("approve", "acquire(database)"), own);
            const approve = [...tree.items.values()].find(({ seen: { name, kind } }) => name === "approve" && kind === "task")!;
            const holders = await seen(() => chainOf(program.picture, tree, approve).links.flatMap((link) => (link.kind === "held" && link.holders.length === 2 ? [link.holders] : []))[0], own);
            assert.deepEqual(holders.map(({ seen: { name } }) => name).toSorted(), ["follow changes", "job 17"]);
            const [channel, holds] = chainOf(program.picture, tree, job).links;
            assert.deepEqual([channel?.kind, holds?.kind === "holds" && holds.waiters.some(({ seen: { name } }) => name === "approve")], ["channel", true]);
            program.want([job.seen.id]);
            const places = await seen(() => program.picture.places.get(job.seen.id), own);
            assert.match(`${places.started} ${places.stands}`, /hanging-job\.ts:\d+ receive\(approval of order 17\), .*hanging-job\.ts:\d+$/);
          },
        ]),
      ),
    { signals: [] },
  ));

const program = new Program();
const tree = new Tree(program.picture);
