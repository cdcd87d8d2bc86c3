import type { ClosedCode } from "../errors/closed.ts";
import { Outlet } from "./outlet.ts";
import type { ChannelStatistics } from "./statistics.ts";

/** What a subscription needs of the broadcast that it belongs to. */
export interface Source {
  readonly isEnded: boolean;
  readonly senders: number;
  readonly waitingSenders: number;
  onRoom(wasFull: boolean): void;
  unsubscribe(subscription: object, wasFull: boolean): void;
}

/**
 * What one subscriber of a broadcast has not received yet.
 *
 * Invariant: it is in the set of its source from its making until its last receiver is closed, it is given up, or
 * the broadcast has ended.
 */
export class Subscription<T> extends Outlet<T> {
  readonly #source: Source;
  #dropped = 0;
  #isGivenUp = false;

  constructor(source: Source, name: string, capacity: number) {
    super(name, capacity);
    this.#source = source;
  }

  get over(): ClosedCode | undefined {
    if (this.#isGivenUp) return "BROKEN";
    return this.#source.isEnded ? "ENDED" : undefined;
  }

  get isFull(): boolean {
    return this.buffered >= this.capacity;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Makes room by dropping the oldest item. */
  putAnyway(item: T): void {
    if (this.put(item)) return;
    this.buffer.shift();
    this.#dropped++;
    this.store(item);
  }

  /** It fell behind: what it has can still be received, and nothing more comes. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  statistics(): ChannelStatistics {
    return {
      capacity: this.capacity,
      buffered: this.buffered,
      peak: this.peak,
      dropped: this.#dropped,
      senders: this.#source.senders,
      receivers: this.receivers,
      waitingSenders: this.#source.waitingSenders,
      waitingReceivers: this.takers.size,
    };
  }

  protected override onRoom(): void {
    this.#source.onRoom(this.buffered + 1 >= this.capacity);
  }

  protected override onDeserted(wasFull: boolean): void {
    this.#source.unsubscribe(this, wasFull);
  }
}
