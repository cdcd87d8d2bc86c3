/** The results of a worker on their way: many in a message, none for longer than a moment. */
import { realClock } from "../../task/clock.ts";
import type { Transferable } from "../contract.ts";
import { encodeFailure } from "../wire/failure.ts";
import { CANCELLED, FAILED, type Message, RESULTS, type Status, SUCCEEDED } from "../wire/messages.ts";
import { isPlain } from "../wire/plain.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import { classOf } from "../modules.ts";
import type { Link } from "./link.ts";

/** So long a result may lie here. */
export const LONGEST_MS = 1;

export class Outbox {
  readonly #link: Link;
  #message: Message = [RESULTS];
  #since = 0;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Gives how long it ran. */
  succeeded(slot: number, value: unknown, transfers: readonly Transferable[] | undefined, name: string, began: number): number {
    if (isPlain(value) && (transfers === undefined || transfers.length === 0)) return this.#put(slot, SUCCEEDED, value, began);
    // Alone: two results with the same object would share its copy.
    const ran = realClock.now() - began;
    try {
      this.#link.post([RESULTS, slot, SUCCEEDED, value, ran], transfers);
    } catch (error) {
      this.#link.post([RESULTS, slot, FAILED, encodeFailure(notCloneable(value, "result", name, error, this.#link.clone)), ran]);
    }
    return ran;
  }

  failed(slot: number, error: unknown, began: number): void {
    this.#put(slot, FAILED, encodeFailure(error, classOf), began);
  }

  cancelled(slot: number, error: unknown, began: number): void {
    this.#put(slot, CANCELLED, encodeFailure(error, classOf), began);
  }

  flush(): void {
    if (this.#message.length === 1) return;
    const message = this.#message;
    this.#message = [RESULTS];
    this.#link.post(message);
  }

  #put(slot: number, status: Status, payload: unknown, began: number): number {
    const now = realClock.now();
    // Since its beginning: what comes next may take as long again.
    if (this.#message.length === 1) this.#since = began;
    this.#message.push(slot, status, payload, now - began);
    if (now - this.#since >= LONGEST_MS) this.flush();
    return now - began;
  }
}
