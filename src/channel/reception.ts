/** How an item is received: as it is, as a step of an iteration, as a job. */
import type { ClosedCode } from "../errors/closed.ts";
import { type Claim, NOTHING, type Waiter } from "../lowlevel.ts";
import { type Outlet, Taker } from "./outlet.ts";
import { refusedReceive } from "./refusal.ts";

/** One end of an outlet, whoever shows it to the user. */
export class OutletEnd<T> {
  readonly outlet: Outlet<T>;
  isClosed = false;

  constructor(outlet: Outlet<T>) {
    this.outlet = outlet;
    outlet.openReceiver();
  }

  /** Takes what is there. Throws if this end is closed. */
  take(): T | typeof NOTHING {
    if (this.isClosed) throw refusedReceive("CLOSED", this.outlet.name);
    return this.outlet.take();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.outlet.closeReceiver(this);
  }
}

/** One object serves all receptions of an end. What was received is the caller's, so there is no `giveBack`. */
export abstract class Reception<T, R> implements Claim<R> {
  readonly end: OutletEnd<T>;

  constructor(end: OutletEnd<T>) {
    this.end = end;
  }

  abstract wrap(item: T): R;

  /** Told of each item that came to who asked for it. */
  received(): void {}

  /** What it gives when nothing more comes; NOTHING to fail instead. */
  atEnd(): R | typeof NOTHING {
    return NOTHING;
  }

  attempt(): R | typeof NOTHING {
    const { end } = this;
    const item = end.take();
    if (item === NOTHING) return this.unlessOver();
    this.received();
    return this.wrap(item);
  }

  register(waiter: Waiter<R>): () => void {
    const taker = new Receiving(this, waiter);
    this.end.outlet.takers.append(taker);
    return () => taker.leave();
  }

  last(code: ClosedCode): R | typeof NOTHING {
    return code === "ENDED" ? this.atEnd() : NOTHING;
  }

  private unlessOver(): R | typeof NOTHING {
    const { name, over } = this.end.outlet;
    if (over === undefined) return NOTHING;
    const last = this.last(over);
    if (last === NOTHING) throw refusedReceive(over, name);
    return last;
  }
}

class Receiving<T, R> extends Taker<T> {
  readonly #reception: Reception<T, R>;
  readonly #waiter: Waiter<R>;

  constructor(reception: Reception<T, R>, waiter: Waiter<R>) {
    super();
    this.#reception = reception;
    this.#waiter = waiter;
  }

  get end(): object {
    return this.#reception.end;
  }

  accept(item: T): boolean {
    if (!this.#waiter.resolve(this.#reception.wrap(item))) return false;
    this.#reception.received();
    return true;
  }

  refuse(code: ClosedCode): void {
    const last = this.#reception.last(code);
    if (last === NOTHING) this.#waiter.reject(refusedReceive(code, this.#reception.end.outlet.name));
    else this.#waiter.resolve(last);
  }
}
