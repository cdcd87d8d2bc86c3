/** 100,000 tasks that sleep, written in the way that the argument names. Prints the bytes each of them keeps. */
import { setTimeout as delay } from "node:timers/promises";
import type { Scope } from "../../../src/index.ts";
import { sleep, taskGroup } from "../../espalier.ts";
import { collectAll } from "../../measure.ts";

const tasks = 100_000;
const hour = 3_600_000;

function occupied(): number {
  // Twice: what the first one finds dead may have kept something else.
  collectAll();
  collectAll();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Of what `begin` made, which is alive until then. */
function bytesEach(begin: () => unknown): number {
  const before = occupied();
  const alive = begin();
  const bytes = (occupied() - before) / tasks;
  if (alive === undefined) throw new Error("what is measured must be held");
  return bytes;
}

const ways: Record<string, () => Promise<number>> = {
  // A timer of the platform, promised by hand: the least that can sleep.
  "bare timer": async () => bytesEach(() => Array.from({ length: tasks }, () => new Promise((resolve) => setTimeout(resolve, hour)))),
  "bare async": async () => bytesEach(() => Array.from({ length: tasks }, async () => await delay(hour))),
  group: () => inGroup((scope) => sleep(hour, scope)),
  "group async": () => inGroup(async (scope) => await sleep(hour, scope)),
};

/** The handles are kept, as in the bare ways the promises are. */
async function inGroup(work: (scope: Scope) => Promise<void>): Promise<number> {
  return await taskGroup((group) => {
    const bytes = bytesEach(() => Array.from({ length: tasks }, () => group.spawn(work)));
    group.cancel();
    return bytes;
  });
}

// The first sleeper makes what all of them share.
await taskGroup(async (group) => {
  group.spawn((scope) => sleep(1, scope));
});
const way = ways[process.argv[2] ?? ""];
if (way === undefined) throw new Error(`the ways are ${Object.keys(ways).join(", ")}`);
console.log(JSON.stringify(await way()));
process.exit();
