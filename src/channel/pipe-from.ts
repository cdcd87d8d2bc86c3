import { firstOf } from "../errors/suppressed.ts";
import { isCancelled } from "../errors/cancelled.ts";
import type { Scope } from "../task/capabilities.ts";
import type { Sender } from "./sender.ts";
import type { ReadableStreamLike } from "./stream-shapes.ts";

/**
 * Sends all that comes out of a stream: a `ReadableStream`, a `Readable` of Node, any AsyncIterable. A chunk is asked for when
 * the one before was sent, so a full channel makes the stream wait.
 *
 * Resolves at the end of the stream; the sender stays open, it is its owner who closes it. Rejects with what the stream
 * fails with, and as `send` does. Stopped before the end, also by a cancellation, it cancels the stream (`cancel`,
 * `destroy`, `return`) and waits for that, unless it is an iterator that does not answer; a chunk that was under way is
 * lost with the rest. Cost of a chunk: four promises.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, pipeFrom } from "espalier/channel";
 *
 * const [sender, receiver] = channel<string>(4);
 * await taskGroup(async (group) => {
 *   group.spawn(async (scope) => {
 *     await pipeFrom(new Blob(["hello"]).stream().pipeThrough(new TextDecoderStream()), sender, scope);
 *     sender.close();
 *   });
 *   for await (const text of receiver.items(group)) console.log(text); // "hello"
 * });
 * ```
 */
export async function pipeFrom<T>(source: ReadableStreamLike<T> | AsyncIterable<T>, sender: Sender<T>, scope: Scope): Promise<void> {
  scope.throwIfCancelled();
  const well: Well<T> = "getReader" in source ? new ReaderWell(source) : new IteratorWell(source);
  try {
    for (;;) {
      const step = await scope.wait(well.next());
      if (step.done === true) break;
      await sender.send(step.value as T, scope);
    }
  } catch (error) {
    throw await stopped(well, error);
  }
  well.release();
}

/** Where chunks come from. */
interface Well<T> {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: T | undefined }>;
  stop(reason: unknown): unknown;
  release(): void;
}

/** Stops the source; gives what to throw. That it could not be stopped is news, unless it says the same again (G3, G7). */
async function stopped(well: Well<unknown>, error: unknown): Promise<unknown> {
  try {
    await well.stop(error);
  } catch (failure) {
    return isCancelled(error) && !isCancelled(failure) ? failure : firstOf([error, failure]);
  } finally {
    well.release();
  }
  return error;
}

class ReaderWell<T> implements Well<T> {
  readonly #reader: ReturnType<ReadableStreamLike<T>["getReader"]>;

  constructor(source: ReadableStreamLike<T>) {
    this.#reader = source.getReader();
  }

  next(): Promise<{ readonly done: boolean; readonly value?: T | undefined }> {
    return this.#reader.read();
  }

  stop(reason: unknown): Promise<unknown> {
    return this.#reader.cancel(reason);
  }

  release(): void {
    this.#reader.releaseLock();
  }
}

class IteratorWell<T> implements Well<T> {
  readonly #source: { destroy?: () => unknown };
  readonly #iterator: AsyncIterator<T>;
  #state: "idle" | "asked" | "failed" = "idle";

  constructor(source: AsyncIterable<T>) {
    this.#source = source as { destroy?: () => unknown };
    this.#iterator = source[Symbol.asyncIterator]();
  }

  async next(): Promise<IteratorResult<T>> {
    this.#state = "asked";
    try {
      const step = await this.#iterator.next();
      this.#state = "idle";
      return step;
    } catch (error) {
      this.#state = "failed";
      throw error;
    }
  }

  /** An iterator that was asked serves `return` only after it has answered: to wait for that could hang. */
  stop(): unknown {
    if (this.#state === "failed") return undefined;
    const isAsked = this.#state === "asked";
    if (isAsked && typeof this.#source.destroy === "function") this.#source.destroy();
    const returned = this.#iterator.return?.();
    if (!isAsked) return returned;
    returned?.then(undefined, () => {});
    return undefined;
  }

  release(): void {}
}
