import type { Cancellable } from "../task/capabilities.ts";
import type { Receiver } from "./receiver.ts";
import type { Sender } from "./sender.ts";

/** What `new ReadableStream` takes. */
export interface StreamSource<T> {
  pull(controller: { enqueue(chunk: T): void; close(): void }): Promise<void>;
  cancel(): void;
}

/** What `new WritableStream` takes. */
export interface StreamSink<T> {
  start(controller: { readonly signal?: AbortSignal | undefined }): void;
  write(chunk: T): Promise<void>;
  close(): void;
  abort(): void;
}

/**
 * Makes a `ReadableStream` of a receiver: `new ReadableStream(streamSource(receiver, scope))`. (For a `Readable` of Node:
 * `Readable.from(receiver.items(scope))`.)
 *
 * An item is received when the stream asks for one: up to its `highWaterMark` (1 unless told) before it is read. The stream
 * owns the receiver and closes it however it ends. Once the scope is cancelled it fails with the CancelledError. Cost of an item: one promise, and those of the stream.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, streamSource } from "espalier/channel";
 *
 * const [sender, receiver] = channel<string>(1);
 * await taskGroup(async (group) => {
 *   const stream = new ReadableStream<string>(streamSource(receiver, group));
 *   sender.trySend("hello");
 *   sender.close();
 *   for await (const text of stream) console.log(text); // "hello"
 * });
 * ```
 */
export function streamSource<T>(receiver: Receiver<T>, scope: Cancellable): StreamSource<T> {
  const items = receiver.items(scope);
  return {
    async pull(controller) {
      const step = await closingOnFailure(receiver, items.next());
      if (step.done === true) {
        receiver.close();
        controller.close();
      } else controller.enqueue(step.value);
    },
    cancel: () => receiver.close(),
  };
}

/**
 * Makes a `WritableStream` of a sender: `new WritableStream(streamSink(sender, scope))`. (For a `Writable` of Node:
 * `Writable.fromWeb` of it.)
 *
 * A write is done when its chunk was sent, so a full channel makes the writer wait. The stream owns the sender and closes it
 * however it ends; to the receivers it is the same whether it was closed or aborted. A send that fails, also by a
 * cancellation, fails the stream with that error. Cost of a chunk: two promises, and those of the stream.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, streamSink } from "espalier/channel";
 *
 * const [sender, receiver] = channel<string>(1);
 * await taskGroup(async (group) => {
 *   const text = new Blob(["hello"]).stream().pipeThrough(new TextDecoderStream());
 *   const piping = text.pipeTo(new WritableStream(streamSink(sender, group)), group);
 *   for await (const part of receiver.items(group)) console.log(part); // "hello"
 *   await piping;
 * });
 * ```
 */
export function streamSink<T>(sender: Sender<T>, scope: Cancellable): StreamSink<T> {
  return {
    // The stream calls `abort` when the write that it is at has ended, and this one may wait for room for ever.
    start: ({ signal }) => signal?.addEventListener("abort", () => sender.close(), { once: true }),
    write: (chunk) => closingOnFailure(sender, sender.send(chunk, scope)),
    close: () => sender.close(),
    abort: () => sender.close(),
  };
}

async function closingOnFailure<R>(end: { close(): void }, operation: Promise<R>): Promise<R> {
  try {
    return await operation;
  } catch (error) {
    end.close();
    throw error;
  }
}
