/** Events, locks, limits. */
import { Effect, Latch, Semaphore as EffectSemaphore } from "effect";
import { sleep } from "espalier";
import { Barrier, CapacityLimiter, Condition, Event, Lock, RateLimiter, ResourcePool, Semaphore } from "espalier/sync";
import type { Line } from "../line.ts";

export const sync: readonly Line[] = [
  {
    title: "an event",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const ready = new Event();
        group.spawn(async (scope) => {
          await ready.wait(scope);
          say("goes on");
        });
        await sleep(1_000, group);
        say("ready");
        ready.set();
      }),
    says: ["ready", "goes on"],
    asyncio: `
      ready = asyncio.Event()
      async def waiter():
          await ready.wait()
          say("goes on")
      async with asyncio.TaskGroup() as group:
          group.create_task(waiter())
          await asyncio.sleep(1)
          say("ready")
          ready.set()`,
    trio: `
      ready = trio.Event()
      async def waiter():
          await ready.wait()
          say("goes on")
      async with trio.open_nursery() as nursery:
          nursery.start_soon(waiter)
          await trio.sleep(1)
          say("ready")
          ready.set()`,
    anyio: `
      ready = anyio.Event()
      async def waiter():
          await ready.wait()
          say("goes on")
      async with anyio.create_task_group() as group:
          group.start_soon(waiter)
          await anyio.sleep(1)
          say("ready")
          ready.set()`,
    effect: (say) =>
      Effect.gen(function* () {
        const ready = yield* Latch.make();
        yield* Effect.forkChild(ready.await.pipe(Effect.andThen(Effect.sync(() => say("goes on")))));
        yield* Effect.sleep(1_000);
        say("ready");
        yield* ready.open;
        yield* Effect.sleep(1);
      }),
    kotlin: "CompletableDeferred<Unit>()",
    go: "close(ready)",
  },
  {
    title: "a lock",
    ours: (scope, { work }) =>
      scope.group((group) => {
        const lock = new Lock();
        for (const name of ["a", "b"]) group.spawn((scope) => lock.use(() => work(name, 1_000, scope), scope));
      }),
    says: ["a is done", "b is done"],
    asyncio: `
      lock = asyncio.Lock()
      async def one(name):
          async with lock:
              await work(name, 1)
      async with asyncio.TaskGroup() as group:
          group.create_task(one("a"))
          group.create_task(one("b"))`,
    trio: `
      lock = trio.Lock()
      async def one(name, seconds):
          await trio.sleep(seconds)
          async with lock:
              await work(name, 1)
      async with trio.open_nursery() as nursery:
          nursery.start_soon(one, "a", 0)
          nursery.start_soon(one, "b", 0.5)`,
    anyio: `
      lock = anyio.Lock()
      async def one(name, seconds):
          await anyio.sleep(seconds)
          async with lock:
              await work(name, 1)
      async with anyio.create_task_group() as group:
          group.start_soon(one, "a", 0)
          group.start_soon(one, "b", 0.5)`,
    effect: (say) =>
      Effect.gen(function* () {
        const lock = yield* EffectSemaphore.make(1);
        const one = (name: string): Effect.Effect<void> => lock.withPermits(1)(Effect.sleep(1_000).pipe(Effect.andThen(Effect.sync(() => say(`${name} is done`)))));
        yield* Effect.all([one("a"), one("b")], { concurrency: "unbounded" });
      }),
    kotlin: "mutex.withLock { … }",
    go: "var mu sync.Mutex; mu.Lock(); defer mu.Unlock()",
  },
  {
    title: "a semaphore",
    ours: async (scope, { say }) => {
      const permits = new Semaphore(2);
      await permits.use(() => say(`${permits.available} left`), scope);
    },
    says: ["1 left"],
    asyncio: `
      permits = asyncio.Semaphore(2)
      async with permits:
          say(f"{permits._value} left")`,
    trio: `
      permits = trio.Semaphore(2)
      async with permits:
          say(f"{permits.value} left")`,
    anyio: `
      permits = anyio.Semaphore(2)
      async with permits:
          say(f"{permits.value} left")`,
    effect: (say) =>
      Effect.gen(function* () {
        const permits = yield* EffectSemaphore.make(2);
        yield* permits.withPermits(1)(permits.withPermitsIfAvailable(2)(Effect.void).pipe(Effect.map((both) => say(both._tag === "None" ? "1 left" : "2 left"))));
      }),
    kotlin: "semaphore.withPermit { … }",
    go: "sem.Acquire(ctx, 1)",
  },
  {
    title: "a limiter that knows who has its places",
    ours: async (scope, { say }) => {
      const places = new CapacityLimiter(2);
      const guard = await places.acquireFor("import", scope);
      say(places.statistics().borrowed);
      guard.release();
    },
    says: ["1"],
    trio: `
      places = trio.CapacityLimiter(2)
      await places.acquire_on_behalf_of("import")
      say(places.statistics().borrowed_tokens)
      places.release_on_behalf_of("import")`,
    anyio: `
      places = anyio.CapacityLimiter(2)
      await places.acquire_on_behalf_of("import")
      say(places.statistics().borrowed_tokens)
      places.release_on_behalf_of("import")`,
  },
  {
    title: "waiting until the state is so",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const changed = new Condition();
        const queue: string[] = [];
        group.spawn((scope) => changed.use(async (guard) => say(await guard.waitFor(() => queue.shift(), scope)), scope));
        await sleep(1_000, group);
        await changed.use((guard) => {
          queue.push("a job");
          guard.notify();
        }, group);
      }),
    says: ["a job"],
    asyncio: `
      changed, queue = asyncio.Condition(), []
      async def waiter():
          async with changed:
              await changed.wait_for(lambda: queue)
              say(queue.pop())
      async with asyncio.TaskGroup() as group:
          group.create_task(waiter())
          await asyncio.sleep(1)
          async with changed:
              queue.append("a job")
              changed.notify()`,
    trio: `
      changed, queue = trio.Condition(), []
      async def waiter():
          async with changed:
              while not queue:
                  await changed.wait()
              say(queue.pop())
      async with trio.open_nursery() as nursery:
          nursery.start_soon(waiter)
          await trio.sleep(1)
          async with changed:
              queue.append("a job")
              changed.notify()`,
    anyio: `
      changed, queue = anyio.Condition(), []
      async def waiter():
          async with changed:
              while not queue:
                  await changed.wait()
              say(queue.pop())
      async with anyio.create_task_group() as group:
          group.start_soon(waiter)
          await anyio.sleep(1)
          async with changed:
              queue.append("a job")
              changed.notify()`,
    go: "cond := sync.NewCond(&mu)",
  },
  {
    title: "waiting until n have come",
    ours: (scope, { say }) =>
      scope.group((group) => {
        const start = new Barrier(2);
        for (const seconds of [1, 2]) {
          group.spawn(async (scope) => {
            await sleep(seconds * 1_000, scope);
            say(`${seconds} is here`);
            await start.wait(scope);
          });
        }
      }),
    says: ["1 is here", "2 is here"],
    asyncio: `
      start = asyncio.Barrier(2)
      async def runner(seconds):
          await asyncio.sleep(seconds)
          say(f"{seconds} is here")
          await start.wait()
      async with asyncio.TaskGroup() as group:
          group.create_task(runner(1))
          group.create_task(runner(2))`,
  },
  {
    title: "so many in a second",
    ours: async (scope, { say }) => {
      const rate = new RateLimiter({ tokens: 1, interval: 1_000 });
      for (let n = 0; n < 3; n++) {
        await rate.acquire(scope);
        say(scope.now());
      }
    },
    says: ["0", "1000", "2000"],
    go: "limiter := rate.NewLimiter(1, 1); limiter.Wait(ctx)",
  },
  {
    title: "a pool of connections",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const pool = new ResourcePool(group, { create: () => "a connection", max: 2, destroy: () => say("closed") });
        await pool.use((connection) => say(connection), group);
      }),
    says: ["a connection", "closed"],
    go: "sql.Open(…); db.SetMaxOpenConns(20)",
  },
];
