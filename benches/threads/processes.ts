/** Empty calls to processes: what isolation costs a call, beside the process pools of the same packages. */
import { timed } from "../sample.ts";
import { contest } from "./contest.ts";
import { inFlight } from "./flight.ts";
import { perSecond } from "./workload.ts";

const items = 10_000;

export const { ways, row } = contest(import.meta.url, "processes", {
  "in-flight": {
    what: "empty calls to processes, 64 in flight",
    items,
    unit: "calls/s",
    better: "more",
    python: ["ProcessPoolExecutor"],
    shown: perSecond,
    sample: (pool) => timed(items, () => pool((run) => inFlight(64, items, (index) => run("noop", index)))),
  },
});
