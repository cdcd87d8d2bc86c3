/**
 * A worker as its pool sees it: what it was sent, and what of that it has begun.
 *
 *   starting ──READY──▶ ready ──retire──▶ retiring ──nothing left──▶ closing ──▶ gone
 *       └──────────────────┴─────────kill────┴──────────────────▲       death: ────▲
 *
 * Invariants
 *   1. A call is in `sent`, and at its slot, from its sending until its result, its withdrawal or the death of the worker.
 *   2. A slot is free again only when the worker will not speak of it any more.
 *   3. With claims, what the worker has not begun can be taken back; without, all that was sent counts as begun.
 */
import type { CancelledError } from "../../errors/cancelled.ts";
import { Line } from "../../sync/line.ts";
import type { Declaration } from "../contract.ts";
import { SLOTS } from "../wire/claims.ts";
import { CALLS, CANCEL, CLOSE, type Extra, HEAP, type Message, READY, RESULT_LENGTH, RESULTS, type Status, WORK } from "../wire/messages.ts";
import { isPlain } from "../wire/plain.ts";
import type { Call } from "./call.ts";
import type { Carrier, CarrierEvents, Death, Launcher } from "./carrier.ts";

/** Told of what a worker does. */
export interface LaneEvents {
  ready(lane: Lane): void;
  /** One result. `ran` is how long, in ms, and `now` when it came. */
  ended(lane: Lane, call: Call, status: Status, payload: unknown, ran: number, now: number): void;
  now(): number;
  /** That were all results of a message. */
  relieved(lane: Lane): void;
  said(lane: Lane, message: Message): void;
  died(lane: Lane, how: Death): void;
}

export class Lane implements CarrierEvents {
  state: "starting" | "ready" | "retiring" | "closing" | "gone" = "starting";
  readonly sent: Line<Call> = new Line();
  readonly carrier: Carrier;
  readonly bornAt: number;
  /** Since when it has had nothing to do. */
  idleSince: number;
  /** What its works have asked for and is under way, by the id of the request. */
  readonly asked: Map<unknown, { cancel(): void }> = new Map();
  served = 0;
  heap = 0;
  /** It came so far as to take calls. */
  wasReady = false;
  /** Its end was asked for. */
  wasEnded = false;
  readonly #events: LaneEvents;
  readonly #calls: (Call | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #works = new Map<Declaration, number>();
  #isHeld = true;
  #generation = 0;

  constructor(launcher: Launcher, events: LaneEvents, now: number) {
    this.#events = events;
    this.bornAt = this.idleSince = now;
    this.carrier = launcher.launch(this);
  }

  get canWithdraw(): boolean {
    return this.carrier.claims !== undefined;
  }

  get room(): number {
    return SLOTS - this.sent.size;
  }

  /** Whether the worker has it in hand, as far as can be told. */
  hasBegun(call: Call): boolean {
    const { claims } = this.carrier;
    return claims === undefined || claims.isTaken(call.slot);
  }

  /**
   * Sends calls: the plain ones in one message, each of the others in one of its own, for what is sent together arrives as one: two calls with the same
   * object would share its copy. `refuse` is told of each that cannot be sent.
   */
  send(calls: readonly Call[], extraOf: (call: Call) => Extra | undefined, refuse: (call: Call, error: unknown) => void): void {
    let together: Message = [CALLS];
    const post = (): void => {
      if (together.length > 1) this.carrier.post(together);
      together = [CALLS];
    };
    for (const call of calls) {
      try {
        const work = this.#index(call.declaration);
        const extra = extraOf(call);
        if (isPlain(call.input) && call.options.transfer === undefined && (extra?.context?.every(([, value]) => isPlain(value)) ?? true)) {
          this.#seat(call);
          together.push(call.slot, call.generation, work, call.input, extra);
        } else {
          post();
          this.#sendAlone(call, work, extra);
        }
        call.state = "sent";
        this.sent.append(call);
      } catch (error) {
        refuse(call, error);
      }
    }
    post();
    this.#hold(this.sent.size > 0);
    this.carrier.claims?.wake();
  }

  /** Takes back what the worker has not begun; false if it has. */
  withdraw(call: Call): boolean {
    const { claims } = this.carrier;
    if (claims === undefined || !claims.withdraw(call.slot, call.generation)) return false;
    this.#forget(call);
    return true;
  }

  /** Takes back all that the worker has not begun, the last one first; not what was handed over to it. */
  takeBack(): Call[] {
    return [...this.sent].reverse().filter((call) => !call.isHandedOver && this.withdraw(call));
  }

  cancel(call: Call, { source, by, reason }: CancelledError): void {
    // The message first: who sees the word in shared memory looks for it.
    this.tell([CANCEL, call.slot, call.generation, source, by, reason], () => [CANCEL, call.slot, call.generation, source, by, undefined]);
    this.carrier.claims?.cancel(call.slot, call.generation);
  }

  /** Sends a message; `instead`, where it cannot be sent. Nothing to one that is gone. */
  tell(message: Message, instead?: () => Message): void {
    if (this.state === "gone") return;
    try {
      this.carrier.post(message);
    } catch (error) {
      if (instead === undefined) throw error;
      this.carrier.post(instead());
    }
    this.carrier.claims?.wake();
  }

  callAt(slot: number): Call | undefined {
    return this.#calls[slot];
  }

  /** Gives it nothing more; it ends when it has nothing left. */
  retire(): void {
    if (this.state === "starting" || this.state === "ready") this.state = "retiring";
    if (this.state !== "retiring" || this.sent.size > 0) return;
    this.state = "closing";
    this.wasEnded = true;
    this.#hold(true);
    this.tell([CLOSE]);
  }

  kill(): void {
    this.state = "closing";
    this.wasEnded = true;
    this.carrier.kill();
  }

  /** What it had, in the order of sending, when it is gone. */
  takeAll(): Call[] {
    return this.sent.shiftAll(() => true);
  }

  received(message: Message): void {
    if (message[0] === RESULTS) this.#results(message);
    else if (message[0] === READY) {
      if (this.state === "starting") this.state = "ready";
      this.wasReady = true;
      this.rest();
      this.#events.ready(this);
    } else if (message[0] === HEAP) this.heap = message[1] as number;
    else this.#events.said(this, message);
  }

  died(how: Death): void {
    this.state = "gone";
    this.#events.died(this, how);
  }

  #results(message: Message): void {
    const now = this.#events.now();
    for (let at = 1; at + RESULT_LENGTH <= message.length; at += RESULT_LENGTH) {
      const call = this.#calls[message[at] as number];
      if (call === undefined) continue;
      this.#forget(call);
      this.served++;
      this.#events.ended(this, call, message[at + 1] as Status, message[at + 2], message[at + 3] as number, now);
    }
    this.#events.relieved(this);
    this.rest();
  }

  /** Where it has nothing left: it ends, if it is to, else it keeps no program alive. */
  rest(): void {
    if (this.sent.size > 0) return;
    if (this.state === "retiring") this.retire();
    else if (this.state === "ready") this.#hold(false);
  }

  #sendAlone(call: Call, work: number, extra: Extra | undefined): void {
    this.#seat(call);
    try {
      this.carrier.post([CALLS, call.slot, call.generation, work, call.input, extra], call.options.transfer);
    } catch (error) {
      // The worker never heard of it.
      this.#unseat(call);
      throw error;
    }
  }

  #seat(call: Call): void {
    call.slot = this.#free.pop() ?? this.#calls.length;
    this.#calls[call.slot] = call;
    const { claims } = this.carrier;
    call.generation = claims === undefined ? (this.#generation = (this.#generation + 1) & 0x3fffffff) : claims.offer(call.slot);
  }

  #unseat(call: Call): void {
    this.carrier.claims?.withdraw(call.slot, call.generation);
    this.#calls[call.slot] = undefined;
    this.#free.push(call.slot);
  }

  #forget(call: Call): void {
    this.sent.remove(call);
    this.#calls[call.slot] = undefined;
    this.#free.push(call.slot);
  }

  /** The worker's number for a work, which it is told once. */
  #index(declaration: Declaration): number {
    const known = this.#works.get(declaration);
    if (known !== undefined) return known;
    const index = this.#works.size;
    this.#works.set(declaration, index);
    this.tell([WORK, index, declaration.url, declaration.name]);
    return index;
  }

  #hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.carrier.hold(isHeld);
  }
}
