/** Channels and queues. */
import { Effect, PubSub, Queue, SubscriptionRef } from "effect";
import { sleep } from "espalier";
import { broadcast, channel, latest, select, sending, WorkQueue } from "espalier/channel";
import type { Line } from "../line.ts";

export const channels: readonly Line[] = [
  {
    title: "items from one task to another, the quick one waits for the slow one",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const [sender, receiver] = channel<number>(1);
        group.spawn(async (scope) => {
          await sender.send(1, scope);
          await sender.send(2, scope);
          say("both are sent");
        });
        await sleep(1_000, group);
        say("takes one");
        const item = await receiver.receive(group);
        await sleep(1_000, group);
        say(item);
      }),
    says: ["takes one", "both are sent", "1"],
    asyncio: `
      queue = asyncio.Queue(maxsize=1)
      async def produce():
          await queue.put(1)
          await queue.put(2)
          say("both are sent")
      async with asyncio.TaskGroup() as group:
          group.create_task(produce())
          await asyncio.sleep(1)
          say("takes one")
          item = await queue.get()
          await asyncio.sleep(1)
          say(item)`,
    trio: `
      sender, receiver = trio.open_memory_channel(1)
      async def produce():
          await sender.send(1)
          await sender.send(2)
          say("both are sent")
      async with trio.open_nursery() as nursery:
          nursery.start_soon(produce)
          await trio.sleep(1)
          say("takes one")
          item = await receiver.receive()
          await trio.sleep(1)
          say(item)`,
    anyio: `
      sender, receiver = anyio.create_memory_object_stream(1)
      async def produce():
          await sender.send(1)
          await sender.send(2)
          say("both are sent")
      async with anyio.create_task_group() as group:
          group.start_soon(produce)
          await anyio.sleep(1)
          say("takes one")
          item = await receiver.receive()
          await anyio.sleep(1)
          say(item)`,
    effect: (say) =>
      Effect.gen(function* () {
        const queue = yield* Queue.bounded<number>(1);
        yield* Effect.forkChild(Effect.forEach([1, 2], (item) => Queue.offer(queue, item)).pipe(Effect.andThen(Effect.sync(() => say("both are sent")))));
        yield* Effect.sleep(1_000);
        say("takes one");
        const item = yield* Queue.take(queue);
        yield* Effect.sleep(1_000);
        say(item);
      }),
    kotlin: "Channel<Int>(1)",
    go: "ch := make(chan int, 1); ch <- v; v := <-ch",
  },
  {
    title: "a loop that ends when the sender is closed",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const [sender, receiver] = channel<number>(0);
        group.spawn(async (scope) => {
          await sender.send(1, scope);
          sender.close();
        });
        for await (const item of receiver.items(group)) say(item);
        say("the end");
      }),
    says: ["1", "the end"],
    asyncio: `
      queue = asyncio.Queue()
      end = object()
      async def produce():
          await queue.put(1)
          await queue.put(end)
      async with asyncio.TaskGroup() as group:
          group.create_task(produce())
          while (item := await queue.get()) is not end:
              say(item)
          say("the end")`,
    trio: `
      sender, receiver = trio.open_memory_channel(0)
      async def produce():
          async with sender:
              await sender.send(1)
      async with trio.open_nursery() as nursery:
          nursery.start_soon(produce)
          async for item in receiver:
              say(item)
          say("the end")`,
    anyio: `
      sender, receiver = anyio.create_memory_object_stream(0)
      async def produce():
          async with sender:
              await sender.send(1)
      async with anyio.create_task_group() as group:
          group.start_soon(produce)
          async for item in receiver:
              say(item)
          say("the end")`,
    kotlin: "for (item in channel) { … }",
    go: "close(ch); for v := range ch { … }",
  },
  {
    title: "several tasks at one side",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const [sender, receiver] = channel<number>(0);
        for (const item of [1, 2]) {
          const own = sender.clone();
          group.spawn(async (scope) => {
            await sleep(item, scope);
            await own.send(item, scope);
            own.close();
          });
        }
        sender.close();
        for await (const item of receiver.items(group)) say(item);
      }),
    says: ["1", "2"],
    trio: `
      sender, receiver = trio.open_memory_channel(0)
      async def produce(own, item):
          async with own:
              await trio.sleep(item)
              await own.send(item)
      async with trio.open_nursery() as nursery:
          async with sender:
              for item in (1, 2):
                  nursery.start_soon(produce, sender.clone(), item)
          async for item in receiver:
              say(item)`,
    anyio: `
      sender, receiver = anyio.create_memory_object_stream(0)
      async def produce(own, item):
          async with own:
              await anyio.sleep(item)
              await own.send(item)
      async with anyio.create_task_group() as group:
          async with sender:
              for item in (1, 2):
                  group.start_soon(produce, sender.clone(), item)
          async for item in receiver:
              say(item)`,
  },
  {
    title: "without waiting",
    ours: (_scope, { say }) => {
      const [sender, receiver] = channel<number>(1);
      say(receiver.tryReceive() === undefined ? "nothing there" : "an item");
      say(sender.trySend(1) ? "sent" : "full");
    },
    says: ["nothing there", "sent"],
    asyncio: `
      queue = asyncio.Queue(maxsize=1)
      try:
          queue.get_nowait()
      except asyncio.QueueEmpty:
          say("nothing there")
      queue.put_nowait(1)
      say("sent")`,
    trio: `
      sender, receiver = trio.open_memory_channel(1)
      try:
          receiver.receive_nowait()
      except trio.WouldBlock:
          say("nothing there")
      sender.send_nowait(1)
      say("sent")`,
    anyio: `
      sender, receiver = anyio.create_memory_object_stream(1)
      try:
          receiver.receive_nowait()
      except anyio.WouldBlock:
          say("nothing there")
      sender.send_nowait(1)
      say("sent")`,
    effect: (say) =>
      Effect.gen(function* () {
        const queue = yield* Queue.bounded<number>(1);
        say((yield* Queue.poll(queue))._tag === "None" ? "nothing there" : "an item");
        say(Queue.offerUnsafe(queue, 1) ? "sent" : "full");
      }),
    kotlin: "channel.tryReceive(); channel.trySend(1)",
    go: "select { case v := <-ch: …; default: … }",
  },
  {
    title: "work that is found while working",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const queue = new WorkQueue<string>();
        group.spawn(async (scope) => {
          for await (const job of queue.jobs(scope)) {
            say(job.value);
            job.done();
          }
        }, { daemon: true });
        await queue.put("a page", group);
        await queue.join(group);
        say("all is done");
      }),
    says: ["a page", "all is done"],
    asyncio: `
      queue = asyncio.Queue()
      async def worker():
          while True:
              say(await queue.get())
              queue.task_done()
      task = asyncio.create_task(worker())
      await queue.put("a page")
      await queue.join()
      say("all is done")
      task.cancel()`,
  },
  {
    title: "each item to all",
    ours: async (scope, { say }) => {
      const [sender, subscribe] = broadcast<number>(4);
      const [a, b] = [subscribe(), subscribe()];
      await sender.send(1, scope);
      say(`${await a.receive(scope)} ${await b.receive(scope)}`);
    },
    says: ["1 1"],
    effect: (say) =>
      Effect.scoped(Effect.gen(function* () {
        const topic = yield* PubSub.bounded<number>(4);
        const [a, b] = [yield* PubSub.subscribe(topic), yield* PubSub.subscribe(topic)];
        yield* PubSub.publish(topic, 1);
        say(`${yield* PubSub.take(a)} ${yield* PubSub.take(b)}`);
      })),
    kotlin: "MutableSharedFlow<Int>()",
  },
  {
    title: "the newest value",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const state = latest("down");
        group.spawn(async (scope) => {
          await sleep(1_000, scope);
          state.set("up");
        });
        await state.until((value) => value === "up", group);
        say(state.value);
      }),
    says: ["up"],
    effect: (say) =>
      Effect.gen(function* () {
        const state = yield* SubscriptionRef.make("down");
        yield* SubscriptionRef.set(state, "up");
        say(yield* SubscriptionRef.get(state));
      }),
    kotlin: "MutableStateFlow(\"down\")",
  },
  {
    title: "one of several channels",
    ours: async (scope, { say }) => {
      const [, jobs] = channel<string>(0);
      const [stop, stops] = channel<string>(1);
      await stop.send("stop", scope);
      const taken = await select([jobs, stops], scope);
      if (!taken.done) say(taken.value);
      const [results] = channel<string>(1);
      await select([sending(results, "a result")], scope);
    },
    says: ["stop"],
    kotlin: "select { jobs.onReceive { … }; stops.onReceive { … } }",
    go: "select { case j := <-jobs: …; case <-stop: … }",
  },
];
