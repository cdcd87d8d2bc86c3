/** The calls that a caller has under way, and their ends, which the pool is told of once a turn. */
import type { CarrierEvents } from "../../pool/carrier.ts";
import { CANCELLED, type Cancelling, type Message, RESULTS, type Status } from "../../wire/messages.ts";
import { CancelledError } from "../../../errors/cancelled.ts";
import type { Errand } from "./errand.ts";

export class Errands {
  readonly #events: CarrierEvents;
  readonly #byId = new Map<number, Errand>();
  readonly #bySlot = new Map<number, Errand>();
  #ended: Message = [RESULTS];
  #isOver = false;

  readonly #onChange: () => void;

  /** @param onChange told when the first comes, and when the last has gone */
  constructor(events: CarrierEvents, onChange: () => void) {
    this.#events = events;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#byId.size;
  }

  [Symbol.iterator](): Iterator<Errand> {
    return this.#byId.values();
  }

  add(errand: Errand): void {
    this.#byId.set(errand.id, errand);
    this.#bySlot.set(errand.slot, errand);
    if (this.#byId.size === 1) this.#onChange();
  }

  get(id: number): Errand | undefined {
    return this.#byId.get(id);
  }

  /** That of the slot, unless another one is meant. */
  at(slot: number, generation: number): Errand | undefined {
    const errand = this.#bySlot.get(slot);
    return errand?.generation === generation ? errand : undefined;
  }

  /** `value` is what `decode` of the launcher makes a failure of. */
  end(errand: Errand, status: Status, value: unknown, ran = 0): void {
    if (errand.state === "over") return;
    errand.state = "over";
    this.#byId.delete(errand.id);
    this.#bySlot.delete(errand.slot);
    if (this.#byId.size === 0) this.#onChange();
    // In a later microtask: the pool may be in the middle of asking for it.
    if (this.#ended.length === 1) queueMicrotask(() => this.#tell());
    this.#ended.push(errand.slot, status, value, ran);
  }

  /** For one that no worker has. */
  cancel(errand: Errand, [source, by, reason]: Cancelling): void {
    this.end(errand, CANCELLED, new CancelledError(source, by, reason));
  }

  /** Nothing more is told: the pool ends what is left. */
  stop(): void {
    this.#isOver = true;
  }

  #tell(): void {
    if (this.#isOver) return;
    const ended = this.#ended;
    this.#ended = [RESULTS];
    this.#events.received(ended);
  }
}
