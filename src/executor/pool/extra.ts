import { travellingIn } from "../../context/travelling.ts";
import type { ScopeNode } from "../../scope/node.ts";
import { realClock } from "../../task/clock.ts";
import type { Offer } from "../contract.ts";
import type { Extra } from "../wire/messages.ts";
import type { Call } from "./call.ts";

/** A worker's clock is not quite ours: its deadline is never the first to pass. */
const SLACK_MS = 2;

/** What else a worker is told of a call: most have nothing of it. */
export function extraOf({ scope, options: { offers, key, whenCancelled } }: Call): Extra | undefined {
  const deadline = deadlineOf(scope);
  const context = travellingIn(scope);
  const isTerminable = whenCancelled === "terminate" || undefined;
  if (deadline === undefined && offers === undefined && key === undefined && context === undefined && isTerminable === undefined) return undefined;
  return { deadline, isTerminable, offers: (offers as readonly Offer[] | undefined)?.map(({ id }) => id), key, context };
}

/** When the time of a call is over, in ms since 1970. */
export function deadlineOf({ clock, limit }: ScopeNode): number | undefined {
  const at = clock === realClock ? (limit?.at ?? Infinity) : Infinity;
  return at === Infinity ? undefined : performance.timeOrigin + performance.now() + (at - realClock.now()) + SLACK_MS;
}

/** What the caller offered under that name. */
export function offered({ options: { offers = [] } }: Call, id: string): Offer | undefined {
  return (offers as readonly Offer[]).find((offer) => offer.id === id);
}
