/** Where items go in: what a sender is an end of. */
import type { ClosedCode } from "../errors/closed.ts";
import { type Line, Place } from "../sync/line.ts";
import type { ChannelStatistics } from "./statistics.ts";

/** Somebody who waits until an item can go in. */
export abstract class Giver<T> extends Place {
  abstract readonly item: T;
  /** The sender it waits with. */
  abstract readonly end: object;
  /** Tells that the item is in; false, and it is not, for one that its scope let go. It has left the line. */
  abstract taken(): boolean;
  /** Tells that the item will never go in. It has left the line. */
  abstract refuse(code: ClosedCode): void;
}

/**
 * Invariants
 *   1. Givers wait only while `offer` would give false.
 *   2. A giver waits with an end that is open.
 */
export interface Intake<T> {
  readonly name: string;
  /** What who waits to send waits for. */
  readonly sendLabel: string;
  /** Nobody is left who could receive. */
  readonly isDeserted: boolean;
  /** Takes the item if that needs no waiting. */
  offer(item: T): boolean;
  /** Lets somebody wait whose item was not taken. */
  enqueue(giver: Giver<T>): void;
  openSender(): void;
  closeSender(end: object): void;
  statistics(): ChannelStatistics;
}

/** Refuses all who wait with `end`. */
export function refuseOwn<P extends Place & { readonly end: object; refuse(code: ClosedCode): void }>(line: Line<P>, end: object): void {
  for (const place of line.shiftAll((one) => one.end === end)) place.refuse("CLOSED");
}

/** Refuses all who wait. */
export function refuseAll<P extends Place & { refuse(code: ClosedCode): void }>(line: Line<P>, code: ClosedCode): void {
  for (const place of line.shiftAll(() => true)) place.refuse(code);
}
