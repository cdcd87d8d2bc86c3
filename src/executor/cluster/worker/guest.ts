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
import type { Subscription } from "../transport.ts";
import { overhead } from "../wire/frame.ts";
import { Visit } from "./visit.ts";

export class Guest {
  readonly id: string;
  readonly lease: number;
  readonly visits: Map<number, Visit> = new Map();
  /** Its calls take turns with those of others: see the backlog of a pool. */
  readonly root: OpenedScope;
  listening: Subscription | undefined = undefined;
  heardAt: number;
  readonly #send: (parts: readonly Uint8Array[]) => void;
  #parts: Uint8Array[] = [];

  constructor(id: string, lease: number, clock: Clock, send: (parts: readonly Uint8Array[]) => void) {
    this.id = id;
    this.lease = lease;
    this.root = new OpenedScope("caller", forest, `caller ${id}`, clock);
    this.heardAt = clock.now();
    this.#send = send;
  }

  enter(work: string, id: number): Visit {
    const visit = new Visit(this.root, work, id, this.root.clock);
    this.visits.set(id, visit);
    return visit;
  }

  /** Sent with all others of this turn. */
  answer(part: Uint8Array): void {
    if (this.#parts.length === 0) setImmediate(() => this.flush());
    this.#parts.push(part);
  }

  flush(): void {
    const parts = this.#parts;
    this.#parts = [];
    if (parts.length > 0) this.#send(parts);
  }

  expire(): void {
    const reason = `its caller has not been heard of for ${this.lease} ms`;
    for (const visit of this.visits.values()) visit.cancelAs(["signal", `caller ${this.id}`, reason]);
  }

  leave(): void {
    void this.listening?.end();
    this.root.finish();
    this.root.leave();
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

