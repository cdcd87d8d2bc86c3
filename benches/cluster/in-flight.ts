/** A service's load: 64 calls under way, the next one when one has ended. */
import { timed } from "../sample.ts";
import { inFlight } from "../threads/flight.ts";
import { atLeast, perSecond } from "../threads/workload.ts";
import { contest } from "./contest.ts";

const [width, items] = [64, 2_000];

export const { ways, row } = contest(import.meta.url, {
  what: "empty calls, 64 in flight",
  items,
  unit: "calls/s",
  shown: perSecond,
  reach: atLeast(0.8),
  sample: (caller) => timed(items, () => caller((call) => inFlight(width, items, call))),
});
