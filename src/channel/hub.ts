import { type Giver, type Intake, refuseOwn } from "./intake.ts";
import { Line } from "../sync/line.ts";
import type { ChannelStatistics } from "./statistics.ts";
import { type Source, Subscription } from "./subscription.ts";

/** What becomes of an item when a receiver has no room for it. */
export type SlowPolicy = "wait" | "dropOldest" | "fail";

/**
 * What lies between the senders of a broadcast and its subscriptions, each of which has a buffer of its own.
 *
 * Invariants
 *   1. Every subscription gets every item that is taken while it is in the set, in the same order, or is dropped from under
 *      it as the policy says.
 *   2. `full` is how many subscriptions in the set have no room; it counts only where the policy is to wait.
 *   3. Givers wait only while one is full: an item is taken by all in one go, or by none.
 */
export class Hub<T> implements Intake<T>, Source {
  readonly name: string;
  readonly sendLabel: string;
  /** To whom nobody listens can still be spoken. */
  readonly isDeserted = false;
  readonly #capacity: number;
  readonly #slow: SlowPolicy;
  readonly #givers = new Line<Giver<T>>();
  readonly #subscriptions = new Set<Subscription<T>>();
  #senders = 0;
  #full = 0;
  #peak = 0;

  constructor(name: string, capacity: number, slow: SlowPolicy) {
    this.name = name;
    this.sendLabel = `send(${name})`;
    this.#capacity = capacity;
    this.#slow = slow;
  }

  get senders(): number {
    return this.#senders;
  }

  get waitingSenders(): number {
    return this.#givers.size;
  }

  get isEnded(): boolean {
    return this.#senders === 0;
  }

  subscribe(): Subscription<T> {
    const subscription = new Subscription<T>(this, this.name, this.#capacity);
    if (!this.isEnded) this.#subscriptions.add(subscription);
    return subscription;
  }

  offer(item: T): boolean {
    if (this.#full > 0) return false;
    for (const subscription of this.#subscriptions) this.#give(subscription, item);
    return true;
  }

  enqueue(giver: Giver<T>): void {
    this.#givers.append(giver);
  }

  openSender(): void {
    this.#senders++;
  }

  closeSender(end: object): void {
    this.#senders--;
    refuseOwn(this.#givers, end);
    if (this.#senders > 0) return;
    for (const subscription of this.#subscriptions) subscription.refuseTakers("ENDED");
    this.#subscriptions.clear();
    this.#full = 0;
  }

  onRoom(wasFull: boolean): void {
    if (this.#slow !== "wait" || !wasFull || this.isEnded) return;
    this.#full--;
    this.#admit();
  }

  unsubscribe(subscription: Subscription<T>, wasFull: boolean): void {
    if (!this.#subscriptions.delete(subscription) || this.#slow !== "wait" || !wasFull) return;
    this.#full--;
    this.#admit();
  }

  statistics(): ChannelStatistics {
    const all = [...this.#subscriptions];
    return {
      capacity: this.#capacity,
      buffered: all.reduce((most, { buffered }) => Math.max(most, buffered), 0),
      peak: this.#peak,
      dropped: all.reduce((sum, { dropped }) => sum + dropped, 0),
      senders: this.#senders,
      receivers: all.reduce((sum, { receivers }) => sum + receivers, 0),
      waitingSenders: this.#givers.size,
      waitingReceivers: all.reduce((sum, { takers }) => sum + takers.size, 0),
    };
  }

  #give(subscription: Subscription<T>, item: T): void {
    if (this.#slow === "dropOldest") subscription.putAnyway(item);
    else if (subscription.put(item)) {
      if (this.#slow === "wait" && subscription.isFull) this.#full++;
    } else {
      subscription.giveUp();
      this.#subscriptions.delete(subscription);
    }
    if (subscription.buffered > this.#peak) this.#peak = subscription.buffered;
  }

  /** Lets those in who wait, as far as there is room. */
  #admit(): void {
    while (this.#full === 0) {
      const giver = this.#givers.shift();
      if (giver === undefined) return;
      if (giver.taken()) this.offer(giver.item);
    }
  }
}
