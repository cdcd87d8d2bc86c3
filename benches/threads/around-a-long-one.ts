/**
 * Who waits for whom: 2,000 calls of 10 µs at once, and one of 50 ms as the tenth. How long after the first the short ones were
 * over: a pool that binds calls to workers early makes half of them wait for the long one.
 */
import { percentile } from "../../src/cli/bench/http/statistics.ts";
import { atMost } from "../row.ts";
import { contest } from "./contest.ts";
import type { Pool } from "./workload.ts";

const items = 2_000;
const longMs = 50;

const p99 = (pool: Pool): Promise<number> =>
  pool(async (run) => {
    const times: number[] = [];
    const began = performance.now();
    const calls = Array.from({ length: items + 1 }, (_, index) => {
      if (index === 9) return run("long", longMs);
      return run("short", index).then(() => void times.push(performance.now() - began));
    });
    await Promise.all(calls);
    return percentile(times, 0.99);
  });

export const { ways, row } = contest(
  import.meta.url,
  "threads",
  {
    p99: {
      what: "2,000 calls of 10 µs around one of 50 ms: p99 of the short ones",
      items,
      unit: "ms",
      better: "less",
      reach: { beside: "piscina", reach: atMost(0.3) },
      sample: (pool) => () => p99(pool),
    },
  },
  { rounds: 21 },
);
