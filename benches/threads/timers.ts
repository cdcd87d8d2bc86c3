/**
 * Whether an idle worker lives: a call starts a timer that fires every 5 ms and ends; how often it has fired when 200 ms are over
 * and no other call was made.
 */
import { setTimeout as wait } from "node:timers/promises";
import { contest } from "./contest.ts";
import type { Pool } from "./workload.ts";

const every = 5;
const ticks = 40;

async function ticked(pool: Pool): Promise<number> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  await pool(async (run) => void (await run("tick", { every, ticks, counter })));
  await wait(every * ticks);
  return Atomics.load(counter, 0);
}

export const { ways, row } = contest(
  import.meta.url,
  "threads",
  {
    ticks: {
      what: "timers of an idle worker, of 40 due in 200 ms",
      items: ticks,
      unit: "ticks",
      better: "more",
      undivided: true,
      // A timer of 5 ms is not due for the fortieth time before 200 ms are over: nobody has them all.
      reach: { beside: "the best", reach: { of: "amount", bound: "at least", limit: 36 } },
      sample: (pool) => () => ticked(pool),
    },
  },
  { warmUps: 1, rounds: 7, fewest: 5, budget: 15_000 },
);
