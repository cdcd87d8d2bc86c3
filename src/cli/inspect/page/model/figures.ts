/** How full a pool, a channel, a limit is, in words. */
import type { Resource } from "../../../../inspect/watch/wire.ts";

const WAITING = ["waiting", "waitingSenders", "waitingReceivers", "waitingToPut", "waitingToTake", "waitingToJoin"];

/** How many wait for it. */
export function waitingFor({ figures }: Resource): number {
  return WAITING.reduce((sum, name) => sum + (figures[name] ?? 0), 0);
}

/** How much of how much there is taken, -1 for no limit; `undefined` where that cannot be told. */
export function fullness({ figures }: Resource): readonly [taken: number, of: number] | undefined {
  const { max, lent, capacity, buffered, total, borrowed } = figures;
  if (max !== undefined && lent !== undefined) return [lent, max];
  if (capacity !== undefined && buffered !== undefined) return [buffered, capacity];
  if (total !== undefined && borrowed !== undefined) return [borrowed, total];
  return undefined;
}

export function isFull(resource: Resource): boolean {
  const [taken, most] = fullness(resource) ?? [0, 0];
  return most > 0 && taken >= most;
}

/** `2 of 2 lent`, `0 of 10 in it; 1 sender, 3 receivers`. */
export function figuresText(resource: Resource): string {
  const { kind, figures } = resource;
  const full = fullness(resource);
  const { senders, receivers, workers, running, queued, available, working } = figures;
  if (kind === "pool" && full !== undefined) return `${full[0]} of ${full[1]} lent`;
  if (kind === "capacity limiter" && full !== undefined) return `${full[0]} of ${full[1]} taken`;
  if (kind === "semaphore") return `${available ?? "?"} left`;
  if (kind === "executor") return `${counted(workers ?? 0, "worker")}, ${running ?? 0} running, ${queued ?? 0} queued`;
  // Who waits to receive is given what is sent at once: nobody has sent.
  const silent = (figures["waitingReceivers"] ?? 0) > 0 ? (senders === 1 ? ", which has not sent" : ", which have not sent") : "";
  const ends = senders === undefined ? "" : `; ${counted(senders, "sender")}${silent}; ${counted(receivers ?? 0, "receiver")}`;
  const work = working === undefined ? "" : `, ${working} being worked on`;
  if (full === undefined) return "";
  return `${full[0].toLocaleString("en")} of ${full[1] === -1 ? "∞" : full[1].toLocaleString("en")} in it${work}${ends}`;
}

const counted = (count: number, what: string): string => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
