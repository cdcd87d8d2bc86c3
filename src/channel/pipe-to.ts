import { isCancelled } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Scope } from "../task/capabilities.ts";
import { NodeDrain } from "./node-drain.ts";
import type { Receiver } from "./receiver.ts";
import type { NodeWritableLike, WritableStreamLike } from "./stream-shapes.ts";

/**
 * Writes all that is received into a stream: a `WritableStream`, a `Writable` of Node. An item is received when the stream has
 * room, so a slow stream makes the senders wait.
 *
 * Resolves when the channel has ended and the stream has been closed and has written everything. Rejects with what the stream
 * fails with, and as `receive` does. Stopped before the end, also by a cancellation, it aborts the stream (`abort`,
 * `destroy`) and waits for that; what the stream had taken, it may not have written. The receiver stays open, it is its
 * owner who closes it. Cost of an item: four promises.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, pipeTo } from "espalier/channel";
 *
 * const [sender, receiver] = channel<string>(4);
 * sender.trySend("hello");
 * sender.close();
 * const printer = new WritableStream<string>({ write: (text) => console.log(text) }); // "hello"
 * await taskGroup((group) => pipeTo(receiver, printer, group));
 * ```
 */
export async function pipeTo<T>(receiver: Receiver<T>, target: WritableStreamLike<T> | NodeWritableLike, scope: Scope): Promise<void> {
  scope.throwIfCancelled();
  const drain: Drain<T> = "getWriter" in target ? new WriterDrain(target) : new NodeDrain(target);
  try {
    await scope.moveOnAfter(Infinity, (own) => {
      drain.onFailure(() => own.cancel());
      return pour(receiver, drain, own);
    });
    // Throws if the stream has failed.
    await drain.ready(scope);
    await drain.end(scope);
  } catch (error) {
    throw await aborted(drain, error);
  }
  drain.release();
}

async function pour<T>(receiver: Receiver<T>, drain: Drain<T>, scope: Scope): Promise<void> {
  await drain.ready(scope);
  for await (const item of receiver.items(scope)) {
    drain.write(item);
    await drain.ready(scope);
  }
}

/** Where items go. */
export interface Drain<in T> {
  /** Waits for room; fails as the stream does. */
  ready(scope: Scope): Promise<unknown>;
  write(item: T): void;
  /** Calls `stop` when the stream fails while nothing is written. */
  onFailure(stop: () => void): void;
  /** Closes it, and waits until all is written. */
  end(scope: Scope): Promise<unknown>;
  abort(reason: unknown): Promise<unknown>;
  release(): void;
}

/** Aborts the stream; gives what to throw (G3, G7). */
async function aborted(drain: Drain<never>, error: unknown): Promise<unknown> {
  try {
    await drain.abort(error);
  } catch (failure) {
    return isCancelled(error) && !isCancelled(failure) ? failure : firstOf([error, failure]);
  } finally {
    drain.release();
  }
  return error;
}

class WriterDrain<T> implements Drain<T> {
  readonly #writer: ReturnType<WritableStreamLike<T>["getWriter"]>;

  constructor(target: WritableStreamLike<T>) {
    this.#writer = target.getWriter();
  }

  ready(scope: Scope): Promise<unknown> {
    return scope.wait(this.#writer.ready);
  }

  write(item: T): void {
    // What fails here fails the stream, and with it `ready` and `close`.
    this.#writer.write(item).then(undefined, () => {});
  }

  onFailure(stop: () => void): void {
    this.#writer.closed.then(undefined, stop);
  }

  end(scope: Scope): Promise<unknown> {
    return scope.wait(this.#writer.close());
  }

  abort(reason: unknown): Promise<unknown> {
    return this.#writer.abort(reason);
  }

  release(): void {
    this.#writer.releaseLock();
  }
}
