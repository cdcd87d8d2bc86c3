/** One empty call after the other: from the call until its result is there. */
import { percentile } from "../../src/cli/bench/http/statistics.ts";
import { contest } from "./contest.ts";

const items = 200;

export const { ways, row } = contest(import.meta.url, {
  what: "empty calls, one at a time: p50",
  items,
  unit: "µs",
  sample: (caller) => () =>
    caller(async (call) => {
      const times: number[] = [];
      for (let index = 0; index < items; index++) {
        const began = performance.now();
        await call(index);
        times.push((performance.now() - began) * 1000);
      }
      return percentile(times, 0.5);
    }),
});
