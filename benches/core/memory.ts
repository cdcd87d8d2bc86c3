/** What a sleeping task keeps, everything included, beside a bare promise with a timer: 100,000 of them, by the heap. */
import process from "node:process";
import type { Scope } from "../../src/index.ts";
import { sleep, taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { compare, type Row } from "../row.ts";
import { collectAll, type Sample, type Ways } from "../sample.ts";

const tasks = 100_000;
const hour = 3_600_000;

function occupied(): number {
  // Twice: what the first one finds dead may have kept something else.
  collectAll();
  collectAll();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Of what `begin` makes, which is kept meanwhile: of a task its handle, else its promise. */
function bytesEach(begin: (index: number) => unknown): number {
  const kept: unknown[] = Array.from({ length: tasks });
  const before = occupied();
  for (let i = 0; i < tasks; i++) kept[i] = begin(i);
  const bytes = (occupied() - before) / tasks;
  kept.length = 0;
  return bytes;
}

const inGroup =
  (work: (scope: Scope) => Promise<void>): Sample =>
  () =>
    taskGroup((group) => {
      const bytes = bytesEach(() => group.spawn(work));
      group.cancel();
      return bytes;
    });

/** `work` gets what makes a promise with a timer of the platform: the least that can sleep. */
const bare =
  (work: (timer: () => Promise<void>) => Promise<void>): Sample =>
  () => {
    const timers: NodeJS.Timeout[] = Array.from({ length: tasks });
    const bytes = bytesEach((index) => work(() => new Promise((resolve) => (timers[index] = setTimeout(resolve, hour)))));
    for (const timer of timers) clearTimeout(timer);
    return bytes;
  };

export const ways: Ways = {
  bare: () => bare((timer) => timer()),
  "bare, async": () => bare(async (timer) => await timer()),
  group: () => inGroup((scope) => sleep(hour, scope)),
  "group, async": () => inGroup(async (scope) => await sleep(hour, scope)),
};

export const row: Row = {
  async measure() {
    const bytes = await interleave(import.meta.url, ["bare", "bare, async", "group", "group, async"], { warmUps: 2, rounds: 5, fewest: 5 });
    const about = { what: "memory of a sleeping task", items: tasks, unit: "bytes" };
    return [
      compare({ ...about, reach: { of: "amount", bound: "at most", limit: 700 } }, ["sleep(ms, scope)", bytes.group], ["promise with setTimeout", bytes.bare]),
      compare(about, ["async, awaits sleep", bytes["group, async"]], ["async, awaits setTimeout", bytes["bare, async"]]),
    ];
  },
};
