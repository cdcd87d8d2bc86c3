/**
 * How fast `explore` is: two tasks of five steps each, that lose no update, under one schedule after the other. Beside it
 * the same program run without an explorer, on a test clock, and a run's turns of the event loop with nothing in them.
 */
import type { Scope, TaskGroup } from "../../src/index.ts";
import { taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";
import { explore, testClock } from "../testing.ts";

const runs = 2_000;
const steps = 5;

async function program(group: TaskGroup): Promise<void> {
  let balance = 0;
  const deposit = async (scope: Scope): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      balance++;
      await scope.checkpoint();
    }
  };
  await group.all([deposit, deposit]);
  if (balance !== 2 * steps) throw new Error(`${balance}`);
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const seeds = (parity: number): number[] => Array.from({ length: runs }, (_, n) => 2 * n + parity);

export const ways = {
  "by chance": () => timed(runs, () => explore(program, { schedules: 0, seeds: seeds(0) })),
  "by priorities": () => timed(runs, () => explore(program, { schedules: 0, seeds: seeds(1) })),
  "by deviations": () => timed(250, () => explore(program, { schedules: 250, seeds: 0 })),
  "no explorer": () => {
    const clock = testClock();
    return timed(runs, async () => {
      for (let run = 0; run < runs; run++) await taskGroup(program, { clock });
    });
  },
  "turns": () =>
    timed(runs, async () => {
      for (let run = 0; run < runs * 2 * steps; run++) await turn();
    }),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const took = await interleave(import.meta.url, Object.keys(ways) as (keyof typeof ways)[]);
    const about = { what: "a schedule of two tasks with five steps each", items: runs, unit: "µs" };
    const atMost100 = { of: "amount", bound: "at most", limit: 100 } as const;
    return [
      compare({ ...about, reach: atMost100 }, ["explore, by chance", took["by chance"]], ["no explorer", took["no explorer"]]),
      compare({ ...about, reach: atMost100 }, ["explore, by priorities", took["by priorities"]], ["no explorer", took["no explorer"]]),
      compare({ ...about, reach: atMost100 }, ["explore, by deviations", took["by deviations"]], ["no explorer", took["no explorer"]]),
      compare(about, ["explore, by chance", took["by chance"]], ["ten turns of the event loop", took["turns"]]),
    ];
  },
};
