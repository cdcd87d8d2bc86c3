/** Web streams, Node's streams and sockets, each given the scope itself. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { addAbortSignal, PassThrough, Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { moveOnAfter, taskGroup } from "espalier";
import { quiet, scenario } from "../conformance/case.ts";
import { interruptible } from "./interruption.ts";

/** A web stream that never ends; `begun` is called when it was asked for a second chunk. */
function endless(begun: () => void): ReadableStream<number> {
  let chunks = 0;
  return new ReadableStream({
    async pull(controller) {
      await quiet();
      if (++chunks === 2) begun();
      controller.enqueue(chunks);
    },
  });
}

interruptible("ReadableStream.pipeTo", (scope, begun) => endless(begun).pipeTo(new WritableStream(), scope));

interruptible("ReadableStream.pipeThrough and pipeTo", (scope, begun) =>
  endless(begun).pipeThrough(new TransformStream(), scope).pipeTo(new WritableStream(), scope),
);

interruptible("stream/promises pipeline", (scope, begun) =>
  pipeline(
    Readable.from(endless(begun)),
    new Writable({
      objectMode: true,
      write(_chunk, _encoding, done) {
        done();
      },
    }),
    scope,
  ),
);

interruptible("stream/promises pipeline through a generator", (scope, begun) =>
  pipeline(
    Readable.from(endless(begun)),
    async function* (source: AsyncIterable<number>) {
      for await (const chunk of source) yield String(chunk);
    },
    new PassThrough({ objectMode: true }).resume(),
    scope,
  ),
);

interruptible("stream/promises finished", (scope, begun) => {
  queueMicrotask(begun);
  return finished(new PassThrough(), scope);
});

interruptible("a Readable that is made with the signal", async (scope, begun) => {
  const stream = new Readable({
    ...scope,
    read() {
      begun();
    },
  });
  for await (const _chunk of stream);
});

interruptible("addAbortSignal", async ({ signal }, begun) => {
  const stream = addAbortSignal(signal, new PassThrough());
  queueMicrotask(begun);
  for await (const _chunk of stream);
});

interruptible("Readable.forEach", (scope, begun) => Readable.from(endless(begun)).forEach(() => {}, scope));

scenario("the source and the sink of pipeTo() hear why it was cut", async () => {
  const heard: unknown[] = [];
  let reason: unknown;
  await moveOnAfter(Infinity, async (scope) => {
    const source = new ReadableStream({
      cancel(why) {
        heard.push(why);
      },
    });
    const sink = new WritableStream({
      abort(why) {
        heard.push(why);
      },
    });
    const call = source.pipeTo(sink, scope);
    scope.cancel("enough");
    ({ reason } = scope);
    await call;
  });
  assert.equal(heard.length, 2);
  for (const why of heard) assert.equal(why, reason);
});

scenario("pipeTo() in a scope that goes on copies all, and leaves the streams closed", async () => {
  const chunks: number[] = [];
  await taskGroup((group) =>
    new ReadableStream<number>({
      start(controller) {
        for (const chunk of [1, 2, 3]) controller.enqueue(chunk);
        controller.close();
      },
    }).pipeTo(
      new WritableStream({
        write(chunk) {
          chunks.push(chunk);
        },
      }),
      group,
    ),
  );
  assert.deepEqual(chunks, [1, 2, 3]);
});

scenario("a server that listens with a scope is closed by its cancellation", async () => {
  const server = createServer();
  await moveOnAfter(Infinity, async (scope) => {
    server.listen({ ...scope, port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    assert.ok((server.address() as AddressInfo).port > 0);
    const closed = once(server, "close");
    scope.cancel();
    await closed;
  });
  assert.equal(server.listening, false);
});

scenario("a datagram socket that is made with a scope is closed by its cancellation", async () => {
  await moveOnAfter(Infinity, async (scope) => {
    const socket = createSocket({ ...scope, type: "udp4" });
    const closed = once(socket, "close");
    scope.cancel();
    await closed;
  });
});
