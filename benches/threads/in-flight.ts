/** A server's load: 64 calls under way, the next one when one has ended. Empty ones, and ones of 10 µs. */
import { timed } from "../sample.ts";
import { contest } from "./contest.ts";
import { inFlight } from "./flight.ts";
import { atLeast, perSecond, type Workload } from "./workload.ts";

const width = 64;

const flight = (name: "noop" | "short", items: number): Pick<Workload, "items" | "unit" | "better" | "shown" | "sample"> => ({
  items,
  unit: "calls/s",
  better: "more",
  shown: perSecond,
  sample: (pool) => timed(items, () => pool((run) => inFlight(width, items, (index) => run(name, index)))),
});

export const { ways, row } = contest(import.meta.url, "threads", {
  "in-flight": {
    what: "empty calls, 64 in flight",
    ...flight("noop", 20_000),
    reach: { beside: "piscina", reach: atLeast(6) },
    python: ["ThreadPoolExecutor", "ProcessPoolExecutor"],
  },
  "short": { what: "calls of 10 µs, 64 in flight", ...flight("short", 5_000), reach: { beside: "piscina", reach: atLeast(2) } },
});
