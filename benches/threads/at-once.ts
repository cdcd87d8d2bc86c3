/** 20,000 empty calls at once: what a call costs when nobody waits for the one before. */
import { timed } from "../sample.ts";
import { contest } from "./contest.ts";
import { atLeast, perSecond, type Workload } from "./workload.ts";

const items = 20_000;

const empty: Workload = {
  what: "empty calls, all at once",
  items,
  unit: "calls/s",
  better: "more",
  reach: { beside: "piscina", reach: atLeast(10) },
  python: ["ThreadPoolExecutor", "ProcessPoolExecutor"],
  shown: perSecond,
  sample: (pool) => timed(items, () => pool((run) => Promise.all(Array.from({ length: items }, (_, index) => run("noop", index))))),
};

export const { ways, row } = contest(import.meta.url, "threads", { "at-once": empty });
