import type { ClosedCode } from "../errors/closed.ts";
import { NOTHING } from "../lowlevel.ts";
import { type Giver, type Intake, refuseAll, refuseOwn } from "./intake.ts";
import { Line } from "../sync/line.ts";
import { Outlet } from "./outlet.ts";
import type { ChannelStatistics } from "./statistics.ts";

/**
 * What lies between the ends of a channel: a buffer, and those who wait on either side of it. Without room (capacity 0)
 * it is a rendezvous, with Infinity nobody waits to send; all three are one algorithm.
 *
 * Invariants
 *   1. Items come out in the order in which they were offered: first the buffer, then those of the givers.
 *   2. Givers wait only while the buffer is full and no taker waits. (Takers: see Outlet.)
 *   3. Without an open receiver nothing is in the buffer. Without one or without an open sender nobody waits.
 */
export class Exchange<T> extends Outlet<T> implements Intake<T> {
  readonly sendLabel: string;
  readonly #givers = new Line<Giver<T>>();
  #senders = 0;

  constructor(name: string, capacity: number) {
    super(name, capacity);
    this.sendLabel = `send(${name})`;
  }

  get over(): ClosedCode | undefined {
    return this.#senders === 0 ? "ENDED" : undefined;
  }

  get isDeserted(): boolean {
    return this.receivers === 0;
  }

  offer(item: T): boolean {
    return this.put(item);
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
    if (this.#senders === 0) this.refuseTakers("ENDED");
  }

  statistics(): ChannelStatistics {
    return {
      capacity: this.capacity,
      buffered: this.buffered,
      peak: this.peak,
      dropped: 0,
      senders: this.#senders,
      receivers: this.receivers,
      waitingSenders: this.#givers.size,
      waitingReceivers: this.takers.size,
    };
  }

  protected override takeUnbuffered(): T | typeof NOTHING {
    for (let giver = this.#givers.shift(); giver !== undefined; giver = this.#givers.shift()) {
      if (giver.taken()) return giver.item;
    }
    return NOTHING;
  }

  protected override onRoom(): void {
    for (let giver = this.#givers.shift(); giver !== undefined; giver = this.#givers.shift()) {
      if (!giver.taken()) continue;
      this.store(giver.item);
      return;
    }
  }

  protected override onDeserted(): void {
    refuseAll(this.#givers, "BROKEN");
  }
}
