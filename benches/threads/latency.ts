/** One empty call after the other: from the call until its result is there. */
import { percentile } from "../../src/cli/bench/http/statistics.ts";
import { atMost } from "../row.ts";
import { contest } from "./contest.ts";
import type { Workload } from "./workload.ts";

const items = 2_000;

/** The part of the calls that took no longer, in µs. */
const latency = (part: number): Pick<Workload, "items" | "unit" | "better" | "python" | "sample"> => ({
  items,
  unit: "µs",
  better: "less",
  python: ["ThreadPoolExecutor", "ProcessPoolExecutor"],
  sample: (pool) => () =>
    pool(async (run) => {
      const times: number[] = [];
      for (let index = 0; index < items; index++) {
        const began = performance.now();
        await run("noop", index);
        times.push((performance.now() - began) * 1000);
      }
      return percentile(times, part);
    }),
});

export const { ways, row } = contest(
  import.meta.url,
  "threads",
  {
    p50: { what: "empty calls, one at a time: p50", ...latency(0.5), reach: { beside: "the best", reach: atMost(0.8) } },
    p99: { what: "empty calls, one at a time: p99", ...latency(0.99) },
  },
  { budget: 20_000 },
);
