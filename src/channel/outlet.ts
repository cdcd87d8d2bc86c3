/** Where items come out: what a receiver is an end of. */
import type { ClosedCode } from "../errors/closed.ts";
import { NOTHING } from "../lowlevel.ts";
import { refuseAll, refuseOwn } from "./intake.ts";
import { Line, Place } from "../sync/line.ts";
import { Ring } from "./ring.ts";
import type { ChannelStatistics } from "./statistics.ts";

/** Somebody who waits for an item. */
export abstract class Taker<T> extends Place {
  /** The receiver it waits with. */
  abstract readonly end: object;
  /** Hands the item over; false, and it is not, for one that its scope let go. It has left the line. */
  abstract accept(item: T): boolean;
  /** Tells that no item will come. It has left the line. */
  abstract refuse(code: ClosedCode): void;
}

/**
 * Invariants
 *   1. Takers wait only while the buffer is empty and nothing else could be taken.
 *   2. A taker waits with an end that is open.
 *   3. Who has waited for longest gets the next item. One that its scope let go refuses, and the next one is tried.
 */
export abstract class Outlet<T> {
  readonly name: string;
  /** What who waits to receive waits for. */
  readonly receiveLabel: string;
  readonly capacity: number;
  readonly takers: Line<Taker<T>> = new Line();
  /** How many ends are open. */
  receivers = 0;
  peak = 0;
  protected readonly buffer: Ring<T> = new Ring();

  constructor(name: string, capacity: number) {
    this.name = name;
    this.receiveLabel = `receive(${name})`;
    this.capacity = capacity;
  }

  /** Why nothing will come once the buffer is empty. */
  abstract readonly over: ClosedCode | undefined;
  abstract statistics(): ChannelStatistics;
  /** There is room for one more in the buffer. */
  protected abstract onRoom(): void;
  protected abstract onDeserted(wasFull: boolean): void;

  get buffered(): number {
    return this.buffer.size;
  }

  /** Hands the item to who waits, else puts it into the buffer, if there is room. */
  put(item: T): boolean {
    for (let taker = this.takers.shift(); taker !== undefined; taker = this.takers.shift()) {
      if (taker.accept(item)) return true;
    }
    if (this.buffer.size >= this.capacity) return false;
    this.store(item);
    return true;
  }

  take(): T | typeof NOTHING {
    if (this.buffer.size === 0) return this.takeUnbuffered();
    const item = this.buffer.shift();
    this.onRoom();
    return item;
  }

  /** Empties the buffer, where nobody waits to fill it. */
  drain(): T[] {
    return this.buffer.drain();
  }

  openReceiver(): void {
    this.receivers++;
  }

  closeReceiver(end: object): void {
    this.receivers--;
    refuseOwn(this.takers, end);
    if (this.receivers > 0) return;
    const wasFull = this.buffer.size >= this.capacity;
    this.buffer.drain();
    this.onDeserted(wasFull);
  }

  /** For who waits when nothing will come any more. */
  refuseTakers(code: ClosedCode): void {
    refuseAll(this.takers, code);
  }

  protected takeUnbuffered(): T | typeof NOTHING {
    return NOTHING;
  }

  protected store(item: T): void {
    this.buffer.push(item);
    if (this.buffer.size > this.peak) this.peak = this.buffer.size;
  }
}
