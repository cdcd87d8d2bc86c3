import { travellingIn } from "../../context/travelling.ts";
import { realClock } from "../../task/clock.ts";
import { offerOf } from "../offer.ts";
import type { Offer } from "../contract.ts";
import type { Extra } from "../wire/messages.ts";
import type { Call } from "./call.ts";

/** A worker's clock is not quite ours: its deadline is never the first to pass. */
const SLACK_MS = 2;

/** What else a worker is told of a call: most have nothing of it. */
export function extraOf({ scope, options: { offers } }: Call): Extra | undefined {
  const at = scope.clock === realClock ? (scope.limit?.at ?? Infinity) : Infinity;
  const context = travellingIn(scope);
  if (at === Infinity && offers === undefined && context === undefined) return undefined;
  const deadline = at === Infinity ? undefined : performance.timeOrigin + performance.now() + (at - realClock.now()) + SLACK_MS;
  return { deadline, offers: offers?.map((given) => offerOf(given).id), context };
}

/** What the caller offered under that name. */
export function offered({ options: { offers = [] } }: Call, id: string): Offer | undefined {
  return offers.map(offerOf).find((offer) => offer.id === id);
}
