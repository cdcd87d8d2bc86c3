/**
 * A call on its way through a cluster, as its caller knows it.
 *
 *   new ──published──▶ sent ──a worker has it──▶ heard ──result──▶ (arriving) ──▶ over
 *    │                  │ ▲                        │
 *    │         refused, │ │ tried                  └──not heard of for a lease──▶ over: lost
 *    │       or unheard ▼ │ again
 *    └─cancelled─▶ over◀─waiting
 *
 * Invariants
 *   1. It is published again only after somebody has said that it was not taken: at most once it runs.
 *   2. While it may be with a worker it is not over, whatever its caller wants: until the worker says so, or is lost.
 */
import type { Cancelling } from "../../wire/messages.ts";
import type { Call } from "../../pool/call.ts";
import type { WorkName } from "../subjects.ts";
import type { OfCaller } from "../wire/messages.ts";

export class Errand {
  state: "new" | "sent" | "heard" | "waiting" | "arriving" | "over" = "new";
  readonly id: number;
  readonly call: Call;
  /** In the pool. */
  readonly slot: number;
  readonly generation: number;
  readonly work: WorkName;
  /** What is sent of it. */
  part: Uint8Array;
  /** Its cancellation, told to whoever has it, and again to who comes to have it. */
  cancelling: Cancelling | undefined = undefined;
  /** Its time limit, in ms since 1970, once it was moved: the part says another one. */
  moved: { readonly deadline: number | undefined } | undefined = undefined;
  /** With whom it was published. */
  batch = 0;
  /** When it was last known to be somewhere. */
  heardAt = 0;
  /** Who has it, once that is known. */
  worker: string | undefined = undefined;
  /** Where it is kept, if it is. */
  place: number | undefined = undefined;
  /** Since when nobody listens who serves it. */
  unheardSince: number | undefined = undefined;

  constructor(id: number, call: Call, slot: number, generation: number, work: WorkName, part: Uint8Array) {
    this.id = id;
    this.call = call;
    this.slot = slot;
    this.generation = generation;
    this.work = work;
    this.part = part;
  }

  get priority(): number {
    return this.call.options.priority ?? 0;
  }

  /** What was said of it since it was sent: said again to whoever names it, since that may have been lost, or have come before the call. */
  get afterword(): OfCaller | undefined {
    if (this.cancelling !== undefined) return ["cancel", this.id, ...this.cancelling];
    return this.moved === undefined ? undefined : ["limit", this.id, leftUntil(this.moved.deadline)];
  }
}

/** Of a deadline in ms since 1970. */
export function leftUntil(deadline: number | undefined): number | undefined {
  return deadline === undefined ? undefined : Math.max(0, deadline - performance.timeOrigin - performance.now());
}

/** How calls get to workers: sent to one who listens, or laid down where one takes them. */
export interface Sending {
  /** With the others of this turn. */
  add(errand: Errand): void;
  send(errands: readonly Errand[]): void;
  /** Told how long one ran, in ms. */
  learn(errand: Errand, ms: number): void;
  /** Takes it back, so that no worker will begin it; false where one may have. */
  withdraw(errand: Errand): boolean;
  /** Nobody has named it for a lease: whether it is to be given up. */
  isLost(errand: Errand): boolean;
}
