import { park, type Waiter } from "../lowlevel.ts";
import type { Scope } from "../task/capabilities.ts";
import type { NodeWritableLike } from "./stream-shapes.ts";

/**
 * A writable stream of Node, to be written with its backpressure.
 *
 * Invariants
 *   1. It listens to `error` from its making until its release, so that none is uncaught.
 *   2. Who waits is woken by any of the stream's events, and looks again.
 *   3. One that somebody else has ended counts as closed: only what `end()` finished has all that was sent.
 */
export class NodeDrain {
  readonly #stream: NodeWritableLike;
  #waiter: Waiter<void> | undefined = undefined;
  #needsDrain = false;
  #isEnding = false;
  #isFinished = false;
  #isClosed = false;
  #failure: { readonly error: unknown } | undefined = undefined;

  #stop: (() => void) | undefined = undefined;

  readonly #onDrain = (): void => {
    this.#needsDrain = false;
    this.#wake();
  };
  readonly #onFinish = (): void => {
    if (!this.#isEnding) return this.#onClose();
    this.#isFinished = true;
    this.#wake();
  };
  readonly #onError = (error: unknown): void => {
    this.#failure ??= { error };
    this.#stop?.();
    this.#wake();
  };
  readonly #onClose = (): void => {
    this.#isClosed = true;
    this.#stop?.();
    this.#wake();
  };

  constructor(stream: NodeWritableLike) {
    this.#stream = stream;
    // It tells no more of that.
    this.#isClosed = stream.writableFinished === true;
    stream.on("drain", this.#onDrain);
    stream.on("finish", this.#onFinish);
    stream.on("error", this.#onError);
    stream.on("close", this.#onClose);
  }

  async ready(scope: Scope): Promise<void> {
    while (this.#isOpen() && this.#needsDrain) await this.#event(scope);
  }

  write(item: unknown): void {
    // What kind of chunks a stream takes is in the type of whoever opened it, not in this one.
    this.#needsDrain = !this.#stream.write(item as never);
  }

  async end(scope: Scope): Promise<void> {
    this.#isEnding = true;
    this.#stream.end();
    while (!this.#isFinished && this.#isOpen()) await this.#event(scope);
  }

  onFailure(stop: () => void): void {
    this.#stop = stop;
  }

  /** The reason is not the stream's own failure, but who else watches it has to learn that it was cut short. */
  abort(reason: unknown): Promise<void> {
    if (this.#isClosed || this.#failure !== undefined || this.#stream.destroyed === true) return Promise.resolve();
    return new Promise((resolve) => {
      this.#stop = resolve;
      this.#stream.destroy(reason instanceof Error ? reason : new Error("pipeTo() was stopped before the end of the channel.", { cause: reason }));
    });
  }

  release(): void {
    this.#stream.off("drain", this.#onDrain);
    this.#stream.off("finish", this.#onFinish);
    this.#stream.off("close", this.#onClose);
    // One that was destroyed may tell its error in a later turn.
    if (this.#isFinished || this.#isClosed || this.#failure !== undefined) this.#stream.off("error", this.#onError);
  }

  /** Throws what the stream failed with, also if it was just closed. */
  #isOpen(): boolean {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#isFinished || !(this.#isClosed || this.#stream.destroyed === true)) return true;
    throw this.#stream.errored ?? new Error("pipeTo() writes into a stream that was closed before the end of the channel.");
  }

  #event(scope: Scope): Promise<void> {
    return park<void>(scope, "pipeTo", (waiter) => {
      this.#waiter = waiter;
    });
  }

  #wake(): void {
    this.#waiter?.resolve();
  }
}
