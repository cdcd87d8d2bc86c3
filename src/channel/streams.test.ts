/** The bridges between channels and streams: everything arrives, who is slow is waited for, and a stop goes both ways. */
import assert from "node:assert/strict";
import { Readable, Writable } from "node:stream";
import { describe } from "node:test";
import { CancelledError, moveOnAfter, type Scope, taskGroup } from "espalier";
import { channel, ClosedError, pipeFrom, pipeTo, type Receiver, streamSink, streamSource } from "espalier/channel";
import { isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => void setImmediate(resolve));
};

async function all<T>(receiver: Receiver<T>, scope: Scope): Promise<T[]> {
  const items: T[] = [];
  for await (const item of receiver.items(scope)) items.push(item);
  return items;
}

/** A source that counts what was asked of it, and knows whether it was stopped. */
class Counted {
  made = 0;
  stopped: unknown = undefined;
  readonly end: number;

  constructor(end: number) {
    this.end = end;
  }

  web(): ReadableStream<number> {
    return new ReadableStream<number>(
      {
        pull: (controller) => (this.made < this.end ? controller.enqueue(++this.made) : controller.close()),
        cancel: (reason) => void (this.stopped = reason ?? true),
      },
      { highWaterMark: 0 },
    );
  }

  node(): Readable {
    const readable = new Readable({
      objectMode: true,
      highWaterMark: 1,
      read: () => void readable.push(this.made < this.end ? ++this.made : null),
      destroy: (error, callback) => {
        this.stopped = error ?? true;
        callback(error);
      },
    });
    return readable;
  }

  async *generator(): AsyncGenerator<number> {
    try {
      while (this.made < this.end) yield ++this.made;
    } finally {
      this.stopped = true;
    }
  }
}

describe("pipeFrom() sends all that comes out of a stream, and no faster than it is received", () => {
  for (const kind of ["web", "node", "generator"] as const) {
    scenario(`… of ${kind}`, async () => {
      const source = new Counted(20);
      const [sender, receiver] = channel<number>(1);
      await taskGroup(async (group) => {
        const piping = group.spawn(async (scope) => {
          await pipeFrom(source[kind](), sender, scope);
          assert.equal(sender.closed, false);
          sender.close();
        });
        await group.wait(turns());
        assert.ok(source.made <= 4, `${source.made} made ahead`);
        assert.deepEqual(await all(receiver, group), Array.from({ length: 20 }, (_, n) => n + 1));
        await piping.join(group);
      });
    });

    scenario(`… of ${kind}, which is stopped when all receivers are closed`, async () => {
      const source = new Counted(1_000);
      const [sender, receiver] = channel<number>(1);
      await taskGroup(async (group) => {
        const piping = group.spawn((scope) => thrownBy(pipeFrom(source[kind](), sender, scope)));
        await group.wait(turns());
        receiver.close();
        assert.equal(isA(await piping.join(group), ClosedError).code, "BROKEN");
        assert.notEqual(source.stopped, undefined);
      });
    });

    scenario(`… of ${kind}, which is stopped by a cancellation`, async () => {
      const source = new Counted(1_000);
      const [sender] = channel<number>(1);
      await moveOnAfter(Infinity, async (scope) => {
        const piping = pipeFrom(source[kind](), sender, scope);
        await turns();
        scope.cancel();
        isA(await thrownBy(piping), CancelledError);
        assert.notEqual(source.stopped, undefined);
      });
    });
  }

  scenario("… and is cancelled while the stream does not answer, which is then stopped", async () => {
    let stopped = 0;
    const silent = [
      new ReadableStream<number>({ cancel: () => void stopped++ }),
      new Readable({ read() {}, destroy: (error, callback) => (stopped++, callback(error)) }),
      { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: async () => (stopped++, { done: true as const, value: undefined }) }) },
    ];
    for (const source of silent) {
      const [sender] = channel<number>(1);
      await moveOnAfter(Infinity, async (scope) => {
        const piping = pipeFrom<number>(source, sender, scope);
        await turns();
        scope.cancel();
        isA(await thrownBy(piping), CancelledError);
      });
    }
    assert.equal(stopped, 3);
  });

  scenario("… and fails with the stream's own error", async () => {
    const E = new Error("E");
    async function* failed(): AsyncGenerator<number> {
      yield await Promise.reject(E);
    }
    const failing = [
      new ReadableStream<number>({ start: (controller) => controller.error(E) }),
      Readable.from(failed()),
      failed(),
    ];
    for (const source of failing) {
      const [sender] = channel<number>(1);
      await moveOnAfter(Infinity, async (scope) => assert.equal(await thrownBy(pipeFrom<number>(source, sender, scope)), E));
    }
  });

  scenario("… and tells that a stream could not be stopped", async () => {
    const E = new Error("E");
    const [sender] = channel<number>(0);
    await moveOnAfter(Infinity, async (scope) => {
      const piping = pipeFrom(new ReadableStream<number>({ cancel: () => Promise.reject(E) }), sender, scope);
      await turns();
      scope.cancel();
      assert.equal(await thrownBy(piping), E);
    });
  });
});

/** A sink that takes one chunk at a time, when it is told to. */
class Slow {
  readonly written: unknown[] = [];
  ended: unknown = undefined;
  #go: () => void = () => {};
  isOpen = false;

  open(): void {
    this.isOpen = true;
    this.#go();
  }

  async #write(chunk: unknown): Promise<void> {
    if (!this.isOpen) await new Promise<void>((resolve) => (this.#go = resolve));
    this.written.push(chunk);
  }

  web(): WritableStream<number> {
    return new WritableStream<number>({
      write: (chunk) => this.#write(chunk),
      close: () => void (this.ended = "closed"),
      abort: (reason) => void (this.ended = reason),
    });
  }

  node(): Writable {
    return new Writable({
      objectMode: true,
      highWaterMark: 1,
      write: async (chunk, _, callback) => {
        await this.#write(chunk);
        callback();
      },
      final: (callback) => {
        this.ended = "closed";
        callback();
      },
      destroy: (error, callback) => {
        this.ended ??= error;
        callback(error);
      },
    });
  }
}

describe("pipeTo() writes all that is received, and receives no more than the stream has room for", () => {
  for (const kind of ["web", "node"] as const) {
    scenario(`… into ${kind}, which is closed at the end`, async () => {
      const sink = new Slow();
      const [sender, receiver] = channel<number>(Infinity);
      for (let n = 0; n < 20; n++) sender.trySend(n);
      sender.close();
      await taskGroup(async (group) => {
        const piping = group.spawn((scope) => pipeTo(receiver, sink[kind](), scope));
        await group.wait(turns());
        assert.ok(receiver.statistics().buffered >= 18);
        sink.open();
        await piping.join(group);
        assert.deepEqual(sink.written, Array.from({ length: 20 }, (_, n) => n));
        assert.deepEqual([sink.ended, receiver.closed], ["closed", false]);
      });
    });

    scenario(`… into ${kind}, which is aborted by a cancellation while it waits for an item, and while for room`, async () => {
      for (const isFull of [false, true]) {
        const sink = new Slow();
        const [sender, receiver] = channel<number>(Infinity);
        if (isFull) for (let n = 0; n < 5; n++) sender.trySend(n);
        await moveOnAfter(Infinity, async (scope) => {
          const piping = pipeTo(receiver, sink[kind](), scope);
          await turns();
          scope.cancel();
          // A stream aborts when the write that it is at has ended.
          sink.open();
          isA(await thrownBy(piping), CancelledError);
          isA(sink.ended, CancelledError);
        });
      }
    });

    scenario(`… into ${kind}, and fails with its error, also while it waits for an item`, async () => {
      const E = new Error("E");
      for (const isLate of [false, true]) {
        const [sender, receiver] = channel<number>(0);
        await taskGroup(async (group) => {
          let fail!: (error: Error) => void;
          const web = (): WritableStream<number> =>
            new WritableStream<number>({ start: (controller) => void (fail = (error) => controller.error(error)), write: () => Promise.reject(E) });
          const node = (): Writable => {
            const made = new Writable({ objectMode: true, write: (_chunk, _encoding, callback) => callback(E) });
            fail = (error) => void made.destroy(error);
            return made;
          };
          const piping = group.spawn((scope) => thrownBy(pipeTo(receiver, { web, node }[kind](), scope)));
          await group.wait(turns());
          if (isLate) fail(E);
          else await sender.send(1, group);
          assert.equal(await piping.join(group), E);
          assert.equal(sender.statistics().waitingReceivers, 0);
        });
      }
    });
  }

  scenario("… and fails when the stream was ended before, also with nothing to write", async () => {
    const [sender, receiver] = channel<number>(0);
    sender.close();
    const ended = new Writable({ autoDestroy: false, write() {} });
    ended.end();
    await turns();
    await moveOnAfter(1_000, async (scope) => assert.match(String(await thrownBy(pipeTo(receiver, ended, scope))), /closed before the end/));
  });

  scenario("… and fails when somebody else closed the stream", async () => {
    const [, receiver] = channel<number>(0);
    const closed = new Writable({ write() {} });
    const later = new Writable({ write() {} });
    const ended = new Writable({ objectMode: true, write: (_chunk, _encoding, callback) => callback() });
    await taskGroup(async (group) => {
      closed.destroy();
      await group.wait(turns());
      assert.match(String(await thrownBy(pipeTo(receiver, closed, group))), /closed before the end/);
      const piping = group.spawn((scope) => thrownBy(pipeTo(receiver, later, scope)));
      await group.wait(turns());
      later.destroy();
      assert.match(String(await piping.join(group)), /closed before the end/);
      const writing = group.spawn((scope) => thrownBy(pipeTo(receiver, ended, scope)));
      await group.wait(turns());
      ended.end();
      assert.match(String(await writing.join(group)), /closed before the end/);
    });
    for (const stream of [closed, later, ended]) assert.deepEqual(stream.eventNames().filter((name) => ["drain", "finish", "close"].includes(String(name))), []);
  });
});

scenario("streamSource() makes a stream that receives what it is asked for, and owns the receiver", async () => {
  const [sender, receiver] = channel<number>(Infinity);
  for (let n = 0; n < 5; n++) sender.trySend(n);
  await taskGroup(async (group) => {
    const reader = new ReadableStream<number>(streamSource(receiver, group), { highWaterMark: 0 }).getReader();
    await group.wait(turns());
    assert.equal(receiver.statistics().buffered, 5);
    assert.deepEqual(await reader.read(), { done: false, value: 0 });
    assert.equal(receiver.statistics().buffered, 4);
    await reader.cancel();
    assert.equal(receiver.closed, true);
    assert.equal(isA(await thrownBy(sender.send(6, group)), ClosedError).code, "BROKEN");
  });
});

scenario("streamSource() ends the stream with the channel, and fails it with the scope", async () => {
  const [sender, receiver] = channel<number>(2);
  const [, other] = channel<number>(2);
  await moveOnAfter(Infinity, async (scope) => {
    sender.trySend(1);
    sender.close();
    const items: number[] = [];
    for await (const item of new ReadableStream<number>(streamSource(receiver, scope))) items.push(item);
    assert.deepEqual([items, receiver.closed], [[1], true]);
    const reading = new ReadableStream<number>(streamSource(other, scope)).getReader().read();
    scope.cancel();
    isA(await thrownBy(reading), CancelledError);
    assert.equal(other.closed, true);
  });
});

scenario("streamSink() makes a stream whose writes wait for room, and owns the sender", async () => {
  const [sender, receiver] = channel<number>(1);
  await taskGroup(async (group) => {
    const writer = new WritableStream<number>(streamSink(sender, group)).getWriter();
    const log: string[] = [];
    const writing = [1, 2].map((n) => writer.write(n).then(() => log.push(`wrote ${n}`)));
    await group.wait(turns());
    assert.deepEqual(log, ["wrote 1"]);
    assert.equal(await receiver.receive(group), 1);
    await Promise.all(writing);
    await writer.close();
    same([sender.closed, receiver.tryReceive()?.value], [true, 2]);
  });
});

scenario("streamSink() closes its sender when it is aborted, and when a send fails", async () => {
  const [aborted] = channel<number>(1);
  const [cancelled] = channel<number>(0);
  await moveOnAfter(Infinity, async (scope) => {
    await new WritableStream<number>(streamSink(aborted, scope)).abort();
    assert.equal(aborted.closed, true);
    const writing = new WritableStream<number>(streamSink(cancelled, scope)).getWriter().write(1);
    scope.cancel();
    isA(await thrownBy(writing), CancelledError);
    assert.equal(cancelled.closed, true);
  });
});

scenario("streamSink() is aborted while a write waits for room", async () => {
  const [sender, receiver] = channel<number>(0);
  await taskGroup(async (group) => {
    const stream = new WritableStream<number>(streamSink(sender, group));
    const writer = stream.getWriter();
    const writing = thrownBy(writer.write(1));
    await group.wait(turns());
    assert.equal(sender.statistics().waitingSenders, 1);
    await group.failAfter(1_000, (scope) => scope.wait(writer.abort(new Error("enough"))));
    await group.wait(writing);
    assert.equal(isA(await thrownBy(() => receiver.tryReceive()), ClosedError).code, "ENDED");
  });
});

scenario("Node's own bridges do the rest: Readable.from(items), Writable.fromWeb(streamSink)", async () => {
  const [sender, receiver] = channel<string>(1);
  await taskGroup(async (group) => {
    const sink = Writable.fromWeb(new WritableStream<string>(streamSink(sender, group)), { objectMode: true });
    group.spawn(async (scope) => {
      for (const text of ["a", "b", "c"]) sink.write(text);
      await scope.wait(new Promise<void>((resolve) => void sink.end(resolve)));
    });
    const texts: string[] = [];
    for await (const text of Readable.from(receiver.items(group))) texts.push(text as string);
    assert.deepEqual(texts, ["a", "b", "c"]);
  });
});
