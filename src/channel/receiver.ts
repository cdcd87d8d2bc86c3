import { claim, NOTHING } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import type { Outlet } from "./outlet.ts";
import { OutletEnd, Reception } from "./reception.ts";
import { refusedClone } from "./refusal.ts";
import type { ChannelStatistics } from "./statistics.ts";
import { Steps } from "./steps.ts";

/** What the other files of the channel may do, and users may not. */
export let openReceiver: <T>(outlet: Outlet<T>) => Receiver<T>;
export let endOf: <T>(receiver: Receiver<T>) => OutletEnd<T>;

/**
 * The end of a channel from which items come: those of a `channel`, of a `broadcast`, of a `latest`. It is closed by
 * whoever has it, with `close()` or `using`.
 *
 * Its clones share the items: each goes to one of them. It is no AsyncIterable itself, for an iteration waits, and
 * whatever waits takes the scope: `items(scope)` is one.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, type Receiver } from "espalier/channel";
 *
 * const [sender, receiver] = channel<number>(10);
 * for (const number of [1, 2, 3]) sender.trySend(number);
 * sender.close();
 *
 * const sum = await taskGroup(async (group) => {
 *   let sum = 0;
 *   for await (const number of receiver.items(group)) sum += number;
 *   return sum;
 * });
 * console.log(sum); // 6
 * ```
 */
export class Receiver<out T> {
  readonly #end: OutletEnd<T>;
  readonly #items: Plain<T>;

  static {
    openReceiver = (outlet) => new Receiver(outlet);
    endOf = (receiver) => receiver.#end;
  }

  private constructor(outlet: Outlet<T>) {
    this.#end = new OutletEnd(outlet);
    this.#items = new Plain(this.#end);
  }

  get closed(): boolean {
    return this.#end.isClosed;
  }

  /**
   * The next item, in the order of the sends; who has waited for longest gets it. (An item that is a promise is awaited,
   * as whatever is returned from an asynchronous function; `tryReceive` and `items` give it as it is.)
   *
   * Rejects with ClosedError: `"ENDED"`, all senders are closed and nothing is left; `"CLOSED"`, this receiver is, also while
   * it waits; `"BROKEN"`, it fell behind in a broadcast that fails slow ones. Cancelled, nothing was received; what was
   * handed over before is given (G8). Cost: one promise.
   */
  receive(scope: Cancellable): Promise<T> {
    return claim(scope, this.#end.outlet.receiveLabel, this.#items);
  }

  /** The next item, if there is one already. Throws as `receive` rejects. */
  tryReceive(): { readonly value: T } | undefined {
    const value = this.#items.attempt();
    return value === NOTHING ? undefined : { value };
  }

  /**
   * All items from now on, until the channel ends. Each step is a `receive` and fails as that does, except that an end is
   * none. Leaving the loop closes nothing: the next loop goes on where this one stopped.
   */
  items(scope: Cancellable): AsyncIterableIterator<T> {
    return new Steps(this.#items, scope);
  }

  /** Another receiver of the same items, of which each goes to one; to be closed for itself. */
  clone(): Receiver<T> {
    if (this.#end.isClosed) throw refusedClone("receiver", this.#end.outlet.name);
    return new Receiver(this.#end.outlet);
  }

  /** Fails what waits with this receiver; with the last one what is in the buffer is dropped, and senders fail. Again does nothing. */
  close(): void {
    this.#end.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  statistics(): ChannelStatistics {
    return this.#end.outlet.statistics();
  }
}

class Plain<T> extends Reception<T, T> {
  wrap(item: T): T {
    return item;
  }
}
