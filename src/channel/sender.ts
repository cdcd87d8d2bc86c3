import type { ClosedCode } from "../errors/closed.ts";
import { claim, type Claim, NOTHING, type Waiter } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { Giver, type Intake } from "./intake.ts";
import { refusedClone, refusedSend } from "./refusal.ts";
import type { ChannelStatistics } from "./statistics.ts";

/** What the other files of the channel may do, and users may not. */
export let openSender: <T>(intake: Intake<T>) => Sender<T>;
export let intakeOf: <T>(sender: Sender<T>) => Intake<T>;

/**
 * The end of a channel into which items go. It is closed by whoever has it, with `close()` or `using`; the channel ends
 * when all its clones are closed.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, type Sender } from "espalier/channel";
 *
 * const [sender, receiver] = channel<string>(1);
 * const report = (name: string, own: Sender<string>) => own.trySend(name) && own.close();
 * report("done", sender);
 * await taskGroup(async (group) => {
 *   for await (const name of receiver.items(group)) console.log(name); // "done"
 * });
 * ```
 */
export class Sender<in T> {
  readonly #intake: Intake<T>;
  #isClosed = false;

  static {
    openSender = (intake) => new Sender(intake);
    intakeOf = (sender) => sender.#intake;
  }

  private constructor(intake: Intake<T>) {
    this.#intake = intake;
    intake.openSender();
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  /**
   * Resolves when the item is in the buffer, or with a receiver; until then it is the caller's. In the order of the calls.
   *
   * Rejects with ClosedError, which carries the item as `undelivered`: `"CLOSED"`, this sender is closed, also while it
   * waits; `"BROKEN"`, all receivers are. Cancelled, nothing was sent. Cost: one promise.
   */
  send(item: T, scope: Cancellable): Promise<void> {
    return claim<void>(scope, this.#intake.sendLabel, new Sending(this, item));
  }

  /** Sends if that needs no waiting. Throws as `send` rejects. */
  trySend(item: T): boolean {
    if (this.#isClosed) throw refusedSend("CLOSED", this.#intake.name, item);
    if (this.#intake.isDeserted) throw refusedSend("BROKEN", this.#intake.name, item);
    return this.#intake.offer(item);
  }

  /** Another sender into the same channel, to be closed for itself. */
  clone(): Sender<T> {
    if (this.#isClosed) throw refusedClone("sender", this.#intake.name);
    return new Sender(this.#intake);
  }

  /** Fails what waits with this sender; with the last one, the channel ends. Again does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#intake.closeSender(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  statistics(): ChannelStatistics {
    return this.#intake.statistics();
  }
}

/** One call of `send`. What it sent cannot be taken back, so there is no `giveBack`. */
class Sending<T> extends Giver<T> implements Claim<void> {
  readonly end: Sender<T>;
  readonly item: T;
  #waiter: Waiter<void> | undefined = undefined;

  constructor(end: Sender<T>, item: T) {
    super();
    this.end = end;
    this.item = item;
  }

  attempt(): undefined | typeof NOTHING {
    return this.end.trySend(this.item) ? undefined : NOTHING;
  }

  register(waiter: Waiter<void>): () => void {
    this.#waiter = waiter;
    intakeOf(this.end).enqueue(this);
    return () => this.leave();
  }

  taken(): boolean {
    return this.#waiter!.resolve();
  }

  refuse(code: ClosedCode): void {
    this.#waiter!.reject(refusedSend(code, intakeOf(this.end).name, this.item));
  }
}
