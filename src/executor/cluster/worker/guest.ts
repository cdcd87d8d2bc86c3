/**
 * A caller, as a worker sees it that has calls of his.
 *
 * Invariants
 *   1. It is listened to from its first call on, and greeted then: what it said before it says again.
 *   2. When it has not been heard of for its lease, its calls are cancelled. What is left of it goes when they have ended.
 */
import type { Clock } from "../../../ports/clock.ts";
import { forest } from "../../../scope/node.ts";
import { OpenedScope } from "../../../task/opened-scope.ts";
import { WorkerDiedError } from "../../worker-died-error.ts";
import { BEATS } from "../settings.ts";
import { Ticker } from "../ticker.ts";
import type { Subscription } from "../transport.ts";
import { overhead } from "../wire/frame.ts";
import { Visit } from "./visit.ts";

/** Told of what becomes of a caller. */
interface GuestEvents {
  answers(guest: Guest, parts: readonly Uint8Array[], isToConfirm: boolean): void;
  /** As often as he expects to hear of his calls. */
  beats(guest: Guest): void;
  /** His lease has ended, and what was left of his calls has been cancelled. */
  isExpired(guest: Guest, hadCalls: boolean): void;
  /** Nothing is left of him. */
  gone(guest: Guest): void;
}

export class Guest {
  readonly id: string;
  readonly lease: number;
  readonly visits: Map<number, Visit> = new Map();
  /** Its calls take turns with those of others: see the backlog of a pool. */
  readonly root: OpenedScope;
  listening: Subscription | undefined = undefined;
  heardAt: number;
  readonly #events: GuestEvents;
  readonly #ticker: Ticker;
  #parts: Uint8Array[] = [];
  #partsToConfirm: Uint8Array[] = [];

  constructor(id: string, lease: number, clock: Clock, events: GuestEvents) {
    this.id = id;
    this.lease = lease;
    this.root = new OpenedScope("caller", forest, `caller ${id}`, clock);
    this.heardAt = clock.now();
    this.#events = events;
    this.#ticker = new Ticker(clock, lease / BEATS, (late) => this.#beat(late));
    this.#ticker.set(true);
  }

  enter(work: string, id: number): Visit {
    const visit = new Visit(this.root, work, id, this.root.clock);
    this.visits.set(id, visit);
    return visit;
  }

  /** Sent with all others of this turn. */
  answer(part: Uint8Array, isToConfirm: boolean): void {
    if (this.#parts.length === 0 && this.#partsToConfirm.length === 0) setImmediate(() => this.flush());
    (isToConfirm ? this.#partsToConfirm : this.#parts).push(part);
  }

  flush(): void {
    const [parts, toConfirm] = [this.#parts, this.#partsToConfirm];
    this.#parts = [];
    this.#partsToConfirm = [];
    if (parts.length > 0) this.#events.answers(this, parts, false);
    if (toConfirm.length > 0) this.#events.answers(this, toConfirm, true);
  }

  leave(): void {
    this.flush();
    this.#ticker.set(false);
    void this.listening?.end();
    this.root.finish();
    this.root.leave();
  }

  #beat(late: number): void {
    const now = this.root.clock.now();
    // Whoever was asleep himself has heard nobody.
    if (late > this.lease / BEATS) this.heardAt = now;
    this.#events.beats(this);
    if (now - this.heardAt > this.lease) this.#expire();
  }

  #expire(): void {
    const left = [...this.visits.values()].filter(({ cause, ended }) => cause === undefined && !ended);
    const reason = `its caller has not been heard of for ${this.lease} ms`;
    for (const visit of left) {
      const lost = new WorkerDiedError("WORKER_LOST", `"${visit.name}" was cancelled by the worker that ran it: ${reason}.`, undefined);
      visit.giveUp(lost, ["signal", `caller ${this.id}`, reason]);
    }
    this.#events.isExpired(this, left.length > 0);
    if (this.visits.size === 0) this.#events.gone(this);
  }
}

/** In as few messages as they go into. */
export function* inMessages(parts: readonly Uint8Array[], room: number): Generator<readonly Uint8Array[]> {
  let together: Uint8Array[] = [];
  let size = 0;
  for (const part of parts) {
    const bytes = part.byteLength + overhead(1);
    if (together.length > 0 && size + bytes > room) {
      yield together;
      together = [];
      size = 0;
    }
    together.push(part);
    size += bytes;
  }
  if (together.length > 0) yield together;
}
