/** How a scope or task is, in the words of the page. */
import type { Seen } from "../../../../inspect/watch/picture.ts";
import { SKIPPED } from "../../../../inspect/watch/wire.ts";

/** Alive: the first three. */
export type State = "running" | "waiting" | "cancelling" | "succeeded" | "failed" | "cancelled";

export const states: readonly State[] = ["running", "waiting", "cancelling", "succeeded", "failed", "cancelled"];

/** `isLeaving`: it is in a scope of its own that was cancelled. */
export function stateOf(seen: Seen, wait: string, isLeaving = false): State {
  if (seen.endedAt !== undefined) return seen.outcome ?? "succeeded";
  if (seen.cancelledAt !== undefined || isLeaving) return "cancelling";
  return wait === "" ? "running" : "waiting";
}

/** What is waited for, by its sort: each has a colour. */
export type Sort = "running" | "sleep" | "channel" | "lock" | "foreign" | "tasks" | "queued" | "elsewhere" | "skipped";

export const sorts: Readonly<Record<Sort, string>> = {
  running: "running, or awaiting something that knows no scope",
  sleep: "sleep",
  channel: "channel, queue, event",
  lock: "lock, limit, pool",
  foreign: "wait(): a promise",
  tasks: "its tasks",
  queued: "for its turn",
  elsewhere: "another operation",
  skipped: "many steps, too many to be told",
};

const rules: readonly (readonly [Sort, RegExp])[] = [
  ["running", /^$/],
  ["sleep", /^(?:sleep|checkpoint)/],
  ["channel", /^(?:send|receive|select|pipe|join\()|^(?:condition|event|barrier|requests|signals)$/],
  ["lock", /^(?:lock|semaphore|capacity limiter|rate limiter|condition's lock|acquire)/],
  ["foreign", /^wait$/],
  ["tasks", /^(?:join|settled|its tasks|asCompleted|mapStream|task\.)/],
  ["queued", /^(?:place|room in )/],
  ["skipped", new RegExp(`^${SKIPPED}$`)],
];

/** What a label says to a reader. */
export function labelText(label: string): string {
  return label === "" ? "running" : label === "place" ? "its turn" : label === SKIPPED ? "many steps" : label;
}

const known = new Map<string, Sort>();

export function sortOf(label: string): Sort {
  const found = known.get(label);
  if (found !== undefined) return found;
  const sort = rules.find(([, pattern]) => pattern.test(label))?.[0] ?? "elsewhere";
  // Labels have names in them: there may be very many.
  if (known.size < 10_000) known.set(label, sort);
  return sort;
}
