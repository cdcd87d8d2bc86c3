/** The results of a worker on their way: many in a message, none for longer than a moment. */
import { realClock } from "../../task/clock.ts";
import type { Transferable } from "../contract.ts";
import { encodeFailure } from "../wire/failure.ts";
import { CANCELLED, FAILED, type Message, RESULT_LENGTH, RESULTS, type Status, SUCCEEDED } from "../wire/messages.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import { classOf } from "../modules.ts";
import type { Link } from "./link.ts";

const LONGEST_MS = 1;

export class Outbox {
  readonly #link: Link;
  /** What each result is of, for errors. */
  readonly #names: string[] = [];
  #message: Message = [RESULTS];
  #since = 0;

  constructor(link: Link) {
    this.#link = link;
  }

  succeeded(slot: number, value: unknown, transfers: readonly Transferable[] | undefined, name: string, began: number): void {
    if (transfers === undefined || transfers.length === 0) return this.#put(slot, SUCCEEDED, value, name, began);
    this.flush();
    this.#send([RESULTS, slot, SUCCEEDED, value, realClock.now() - began], [name], transfers);
  }

  failed(slot: number, error: unknown, began: number): void {
    this.#put(slot, FAILED, encodeFailure(error, classOf), "", began);
  }

  cancelled(slot: number, error: unknown, began: number): void {
    this.#put(slot, CANCELLED, encodeFailure(error, classOf), "", began);
  }

  flush(): void {
    if (this.#message.length === 1) return;
    const message = this.#message;
    const names = this.#names.splice(0);
    this.#message = [RESULTS];
    this.#send(message, names);
  }

  #put(slot: number, status: Status, payload: unknown, name: string, began: number): void {
    const now = realClock.now();
    if (this.#message.length === 1) this.#since = now;
    this.#message.push(slot, status, payload, now - began);
    this.#names.push(name);
    if (now - this.#since >= LONGEST_MS) this.flush();
  }

  #send(message: Message, names: readonly string[], transfer?: readonly Transferable[]): void {
    try {
      this.#link.post(message, transfer);
    } catch (error) {
      const [, slot, , value, ran] = message;
      // One of them cannot be sent: each by itself.
      if (names.length === 1) this.#link.post([RESULTS, slot, FAILED, encodeFailure(notCloneable(value, "result", names[0]!, error, this.#link.clone)), ran]);
      else names.forEach((name, at) => this.#send([RESULTS, ...message.slice(1 + at * RESULT_LENGTH, 1 + (at + 1) * RESULT_LENGTH)], [name]));
    }
  }
}
