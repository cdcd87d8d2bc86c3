import { show } from "../scope/visible.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { operationOf } from "../task/park.ts";
import { Hub } from "./hub.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import { refusedSend } from "./refusal.ts";
import type { ChannelStatistics } from "./statistics.ts";

/** A value that is watched. See {@link latest}. */
export interface Latest<T> {
  readonly value: T;
  readonly closed: boolean;
  /**
   * Changes the value; to the same (`Object.is`) does nothing. Never waits: who has not seen the last one yet sees only
   * this one. After `close()` it throws ClosedError `"CLOSED"`, which carries the value.
   */
  set(value: T): void;
  /** Its first item is the value there is, then come the changes, of which a slow one sees the newest. To be closed. */
  subscribe(): Receiver<T>;
  /** The value there is, then the changes, as `subscribe()` gives them, until `close()` or until the loop is left. */
  values(scope: Cancellable): AsyncIterable<T>;
  /**
   * Waits for a value that fits; at once, if the one there is does. One that was replaced before this came to look at it is
   * not seen. Rejects with ClosedError `"ENDED"` if it is closed before.
   */
  until<S extends T>(fits: (value: T) => value is S, scope: Cancellable): Promise<S>;
  until(fits: (value: T) => boolean, scope: Cancellable): Promise<T>;
  /** No more changes. Who watches still sees the newest value, and then the end. */
  close(): void;
  [Symbol.dispose](): void;
  statistics(): ChannelStatistics;
}

export interface LatestOptions {
  /** For messages, and for what shows who waits for what. */
  readonly name?: string | undefined;
}

/**
 * A value that is watched: `value` is what it is now, and who waits is told of changes. Each watcher sees the newest value,
 * and not all that were between: for a state, a setting, a progress. To see each one, use a `broadcast`.
 *
 * Cancelled, a watcher goes, and the value stays. Cost of `set`: one step for each watcher.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { latest } from "espalier/channel";
 *
 * const status = latest("starting");
 * await taskGroup(async (group) => {
 *   group.spawn(async (scope) => {
 *     await sleep(5, scope);
 *     status.set("ready");
 *   });
 *   console.log(await status.until((value) => value === "ready", group)); // "ready"
 * });
 * ```
 */
export function latest<T>(initial: T, options?: LatestOptions): Latest<T> {
  const watched = new Watched(initial, options?.name ?? "latest");
  if (options?.name !== undefined) show("latest", options.name, watched);
  return watched;
}

/**
 * A hub whose subscriptions have room for one item, of which the oldest goes.
 *
 * Invariant: the last item that a subscription received or holds is `value`.
 */
class Watched<T> implements Latest<T> {
  readonly #hub: Hub<T>;
  #value: T;

  constructor(initial: T, name: string) {
    this.#value = initial;
    this.#hub = new Hub(name, 1, "dropOldest");
    this.#hub.openSender();
  }

  get value(): T {
    return this.#value;
  }

  get closed(): boolean {
    return this.#hub.isEnded;
  }

  set(value: T): void {
    if (this.closed) throw refusedSend("CLOSED", this.#hub.name, value);
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#hub.offer(value);
  }

  subscribe(): Receiver<T> {
    const subscription = this.#hub.subscribe();
    subscription.put(this.#value);
    return openReceiver(subscription);
  }

  async *values(scope: Cancellable): AsyncGenerator<T, void, undefined> {
    const receiver = this.subscribe();
    try {
      yield* receiver.items(scope);
    } finally {
      receiver.close();
    }
  }

  until(fits: (value: T) => boolean, scope: Cancellable): Promise<never> {
    return operationOf(this.#until(fits, scope));
  }

  async #until(fits: (value: T) => boolean, scope: Cancellable): Promise<never> {
    const receiver = this.subscribe();
    try {
      for (;;) {
        const value = await receiver.receive(scope);
        if (fits(value)) return value as never;
      }
    } finally {
      receiver.close();
    }
  }

  close(): void {
    if (!this.closed) this.#hub.closeSender(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  statistics(): ChannelStatistics {
    return this.#hub.statistics();
  }
}
