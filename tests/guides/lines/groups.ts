/** Groups and their tasks. */
import { Effect, Fiber, FiberSet } from "effect";
import { run, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import type { Line } from "../line.ts";

const step = (say: (word: string) => void, name: string, ms: number): Effect.Effect<string> =>
  Effect.sleep(ms).pipe(Effect.map(() => {
    say(`${name} is done`);
    return name;
  }));

export const groups: readonly Line[] = [
  {
    title: "a group waits for what was started in it",
    ours: async (scope, { say, work }) => {
      await scope.group(async (group) => {
        group.spawn((scope) => work("b", 2_000, scope));
        group.spawn((scope) => work("a", 1_000, scope));
      });
      say("all are done");
    },
    says: ["a is done", "b is done", "all are done"],
    asyncio: `
      async with asyncio.TaskGroup() as group:
          group.create_task(work("b", 2))
          group.create_task(work("a", 1))
      say("all are done")`,
    trio: `
      async with trio.open_nursery() as nursery:
          nursery.start_soon(work, "b", 2)
          nursery.start_soon(work, "a", 1)
      say("all are done")`,
    anyio: `
      async with anyio.create_task_group() as group:
          group.start_soon(work, "b", 2)
          group.start_soon(work, "a", 1)
      say("all are done")`,
    effect: (say) =>
      Effect.scoped(Effect.gen(function* () {
        const set = yield* FiberSet.make();
        yield* FiberSet.run(set, step(say, "b", 2_000));
        yield* FiberSet.run(set, step(say, "a", 1_000));
        yield* FiberSet.awaitEmpty(set);
        say("all are done");
      })),
    kotlin: "coroutineScope { … }",
    go: "var wg sync.WaitGroup; …; wg.Wait()",
  },
  {
    title: "a root of its own",
    ours: async (_scope, { say, work }) => {
      await taskGroup((group) => void group.spawn((scope) => work("a", 1, scope)));
      say("all are done");
    },
    real: true,
    says: ["a is done", "all are done"],
  },
  {
    title: "what is started begins at once, up to its first wait",
    ours: (scope, { say }) =>
      scope.group((group) => {
        group.spawn(async () => say("it begins"));
        say("it was started");
      }),
    says: ["it begins", "it was started"],
    asyncio: {
      code: `
        async def task():
            say("it begins")
        async with asyncio.TaskGroup() as group:
            group.create_task(task())
            say("it was started")`,
      says: ["it was started", "it begins"],
    },
    trio: {
      code: `
        async def task():
            say("it begins")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(task)
            say("it was started")`,
      says: ["it was started", "it begins"],
    },
    anyio: {
      code: `
        async def task():
            say("it begins")
        async with anyio.create_task_group() as group:
            group.start_soon(task)
            say("it was started")`,
      says: ["it was started", "it begins"],
    },
    effect: {
      code: (say) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Effect.sync(() => say("it begins")));
          say("it was started");
          yield* Fiber.join(fiber);
        }),
      says: ["it was started", "it begins"],
    },
    kotlin: "launch { … }",
    go: "wg.Go(func() { … })",
  },
  {
    title: "the result of a task",
    ours: (scope, { say, work }) =>
      scope.group(async (group) => {
        const task = group.spawn((scope) => work("a", 1_000, scope));
        say(`got ${await task.join(group)}`);
      }),
    says: ["a is done", "got a"],
    asyncio: `
      async with asyncio.TaskGroup() as group:
          task = group.create_task(work("a", 1))
          say(f"got {await task}")`,
    effect: (say) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(step(say, "a", 1_000));
        say(`got ${yield* Fiber.join(fiber)}`);
      }),
    kotlin: "async { … }.await()",
    go: "v := <-results",
  },
  {
    title: "who waits for a task is cancelled, and the task goes on",
    ours: (scope, { work }) =>
      scope.group(async (group) => {
        const task = group.spawn((scope) => work("a", 2_000, scope));
        await group.moveOnAfter(1_000, (limit) => task.join(limit));
      }),
    says: ["a is done"],
    asyncio: {
      code: `
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work("a", 2))
            try:
                async with asyncio.timeout(1):
                    await task
            except TimeoutError:
                say("cancelled" if task.cancelled() else "goes on")`,
      says: ["cancelled"],
    },
    effect: (say) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(step(say, "a", 2_000));
        yield* Fiber.join(fiber).pipe(Effect.timeoutOption(1_000));
        yield* Fiber.await(fiber);
      }),
  },
  {
    title: "a task says that it is ready",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const server = await group.start(async (scope, started: (port: number) => void) => {
          await sleep(1_000, scope);
          started(8080);
          await sleepForever(scope);
        }, group);
        say(`it listens on ${server.started}`);
        server.cancel();
      }),
    says: ["it listens on 8080"],
    trio: `
      async def serve(task_status):
          await trio.sleep(1)
          task_status.started(8080)
          await trio.sleep_forever()
      async with trio.open_nursery() as nursery:
          port = await nursery.start(serve)
          say(f"it listens on {port}")
          nursery.cancel_scope.cancel()`,
    anyio: `
      async def serve(task_status):
          await anyio.sleep(1)
          task_status.started(8080)
          await anyio.sleep_forever()
      async with anyio.create_task_group() as group:
          port = await group.start(serve)
          say(f"it listens on {port}")
          group.cancel_scope.cancel()`,
  },
  {
    title: "a task that is not waited for",
    ours: async (scope, { say }) => {
      await scope.group(async (group) => {
        group.spawn((scope) => sleepForever(scope), { daemon: true });
        say("the body is done");
      });
      say("so is the group");
    },
    says: ["the body is done", "so is the group"],
    asyncio: `
      async with asyncio.TaskGroup() as group:
          beat = group.create_task(asyncio.sleep(10**6))
          say("the body is done")
          beat.cancel()
      say("so is the group")`,
    trio: `
      async with trio.open_nursery() as nursery:
          nursery.start_soon(trio.sleep_forever)
          say("the body is done")
          nursery.cancel_scope.cancel()
      say("so is the group")`,
    anyio: `
      async with anyio.create_task_group() as group:
          group.start_soon(anyio.sleep_forever)
          say("the body is done")
          group.cancel_scope.cancel()
      say("so is the group")`,
    effect: (say) =>
      Effect.gen(function* () {
        yield* Effect.gen(function* () {
          yield* Effect.forkChild(Effect.never);
          say("the body is done");
        });
        say("so is the group");
      }),
    kotlin: "backgroundScope.launch { … }",
  },
  {
    title: "a few at a time",
    ours: async (scope, { say, work }) => {
      let running = 0;
      const fetchPage = async (page: string, scope: Scope): Promise<void> => {
        if (++running > 2) say("too many");
        await work(page, 1_000, scope);
        running--;
      };
      await scope.group(
        (group) => {
          for (const page of ["a", "b"]) group.spawn((scope) => fetchPage(page, scope));
        },
        { concurrency: 2 },
      );
    },
    says: ["a is done", "b is done"],
    asyncio: `
      few = asyncio.Semaphore(2)
      async def one(name, seconds):
          async with few:
              await work(name, seconds)
      async with asyncio.TaskGroup() as group:
          group.create_task(one("a", 1))
          group.create_task(one("b", 2))`,
    trio: `
      few = trio.CapacityLimiter(2)
      async def one(name, seconds):
          async with few:
              await work(name, seconds)
      async with trio.open_nursery() as nursery:
          nursery.start_soon(one, "a", 1)
          nursery.start_soon(one, "b", 2)`,
    anyio: `
      few = anyio.CapacityLimiter(2)
      async def one(name, seconds):
          async with few:
              await work(name, seconds)
      async with anyio.create_task_group() as group:
          group.start_soon(one, "a", 1)
          group.start_soon(one, "b", 2)`,
    go: "group.SetLimit(2)",
  },
  {
    title: "one more, if there is room",
    ours: (scope, { say, work }) =>
      scope.group(
        (group) => {
          group.spawn((scope) => work("a", 1_000, scope));
          say(group.trySpawn((scope) => work("b", 1_000, scope)) === undefined ? "no room" : "started");
        },
        { concurrency: 1 },
      ),
    says: ["no room", "a is done"],
    go: "group.TryGo(f)",
  },
  {
    title: "a program",
    ours: async (_scope, { say }) => {
      await run(async (scope) => {
        await sleep(1, scope);
        say("hello");
      });
    },
    real: true,
    says: ["hello"],
    asyncio: `
      async def main():
          await asyncio.sleep(0.001)
          say("hello")
      asyncio.run(main())`,
    trio: `
      async def main():
          await trio.sleep(0.001)
          say("hello")
      trio.run(main)`,
    anyio: `
      async def main():
          await anyio.sleep(0.001)
          say("hello")
      anyio.run(main)`,
    effect: (say) => Effect.promise(() => Effect.runPromise(Effect.sleep(1).pipe(Effect.andThen(Effect.sync(() => say("hello")))))),
    kotlin: "runBlocking { … }",
    go: "signal.NotifyContext(ctx, os.Interrupt)",
  },
];
