/**
 * A bounded channel: what is sent comes out once, in the order of sending.
 *
 * Invariants
 *   1. Receivers wait only while there is nothing to receive, senders only while the buffer is full.
 *   2. An item belongs to its sender until `send` resolves, and to the channel or a receiver from then on.
 *   3. After `close` what is in the buffer can still be received.
 */
import type { Scope } from "espalier";
import { park, type Waiter } from "espalier/lowlevel";
import { Waiters, type Waiting } from "./waiters.ts";

/** What `send` fails with after `close`, and `receive` when nothing is left. */
export class ChannelClosed extends Error {
  override readonly name = "ChannelClosed";
}

interface Sender<T> extends Waiting {
  readonly item: T;
}

export class Channel<T> {
  readonly #senders = new Waiters<void, Sender<T>>();
  readonly #receivers = new Waiters<T>();
  readonly #buffer: T[] = [];
  readonly #capacity: number;
  #isClosed = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  send(item: T, scope: Scope): Promise<void> {
    return park<void>(scope, "send", (waiter) => {
      if (this.#isClosed) throw new ChannelClosed("send");
      if (this.#receivers.wake(item) === undefined) {
        if (this.#buffer.length >= this.#capacity) return this.#senders.add({ waiter, item });
        this.#buffer.push(item);
      }
      return void waiter.resolve();
    });
  }

  receive(scope: Scope): Promise<T> {
    return park<T>(scope, "receive", (waiter) => this.#receive(waiter));
  }

  /** Receivers still get what was sent; senders that wait keep their items. */
  close(): void {
    this.#isClosed = true;
    this.#senders.failAll(new ChannelClosed("send"));
    this.#receivers.failAll(new ChannelClosed("receive"));
  }

  #receive(waiter: Waiter<T>): (() => void) | void {
    // Senders wait for the room that there is now.
    const sender = this.#senders.wake();
    if (sender !== undefined) this.#buffer.push(sender.item);
    if (this.#buffer.length > 0) return void waiter.resolve(this.#buffer.shift()!);
    if (this.#isClosed) throw new ChannelClosed("receive");
    return this.#receivers.add({ waiter });
  }
}
