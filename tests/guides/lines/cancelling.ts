/** Cancellation: who is told, how often, and what survives it. */
import { setTimeout as deafSleep } from "node:timers/promises";
import { Effect, Fiber } from "effect";
import { isCancelled, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import type { Line } from "../line.ts";

export const cancelling: readonly Line[] = [
  {
    title: "one task is cancelled, and waited for",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        const task = group.spawn(async (scope) => {
          try {
            await sleepForever(scope);
          } finally {
            say("it cleaned up");
          }
        });
        await group.checkpoint();
        task.cancel();
        const { status } = await task.settled(group);
        say(status);
      }),
    says: ["it cleaned up", "cancelled"],
    asyncio: `
      async def task():
          try:
              await asyncio.sleep(10**6)
          finally:
              say("it cleaned up")
      task = asyncio.create_task(task())
      await asyncio.sleep(0)
      task.cancel()
      try:
          await task
      except asyncio.CancelledError:
          say("cancelled")`,
    effect: (say) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.never.pipe(Effect.ensuring(Effect.sync(() => say("it cleaned up")))));
        yield* Effect.yieldNow;
        yield* Fiber.interrupt(fiber);
        const exit = yield* Fiber.await(fiber);
        say(exit._tag === "Failure" ? "cancelled" : "succeeded");
      }),
    kotlin: "job.cancelAndJoin()",
  },
  {
    title: "who swallows a cancellation is told again",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(1_000, async (scope) => {
        for (let tries = 0; tries < 2; tries++) {
          try {
            await sleep(5_000, scope);
            say("slept");
          } catch {
            say("swallowed");
          }
        }
      });
    },
    says: ["swallowed", "swallowed"],
    asyncio: {
      code: `
        async def careless():
            for tries in range(2):
                try:
                    await asyncio.sleep(5)
                    say("slept")
                except asyncio.CancelledError:
                    say("swallowed")
        task = asyncio.create_task(careless())
        await asyncio.sleep(1)
        task.cancel()
        await task`,
      says: ["swallowed", "slept"],
    },
    trio: `
      with trio.move_on_after(1):
          for tries in range(2):
              try:
                  await trio.sleep(5)
                  say("slept")
              except trio.Cancelled:
                  say("swallowed")`,
    anyio: `
      with anyio.move_on_after(1):
          for tries in range(2):
              try:
                  await anyio.sleep(5)
                  say("slept")
              except anyio.get_cancelled_exc_class():
                  say("swallowed")`,
    kotlin: "catch (e: CancellationException) { … }",
  },
  {
    title: "a catch of all errors sees the cancellation",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(1_000, async (scope) => {
        try {
          await sleep(5_000, scope);
        } catch (error) {
          say("seen");
          if (isCancelled(error)) throw error;
          say("handled");
        }
      });
    },
    says: ["seen"],
    asyncio: {
      code: `
        try:
            async with asyncio.timeout(1):
                try:
                    await asyncio.sleep(5)
                except Exception:
                    say("seen")
        except TimeoutError:
            pass`,
      says: [],
    },
    trio: {
      code: `
        with trio.move_on_after(1):
            try:
                await trio.sleep(5)
            except Exception:
                say("seen")`,
      says: [],
    },
    anyio: `
      with anyio.move_on_after(1):
          try:
              await anyio.sleep(5)
          except anyio.get_cancelled_exc_class():
              say("seen")
              raise
          except Exception:
              say("handled")`,
    effect: {
      code: (say) => Effect.sleep(5_000).pipe(Effect.catch(() => Effect.sync(() => say("seen"))), Effect.timeoutOption(1_000)),
      says: [],
    },
  },
  {
    title: "a foreign promise that knows of no scope",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(5, async (scope) => {
        await scope.wait(deafSleep(60_000, undefined, { ref: false }));
      });
      say("goes on");
    },
    real: true,
    says: ["goes on"],
    asyncio: `
      future = asyncio.get_running_loop().create_future()
      try:
          async with asyncio.timeout(0.005):
              await future
      except TimeoutError:
          say("goes on")`,
    effect: (say) => Effect.promise(() => deafSleep(60_000, undefined, { ref: false })).pipe(Effect.timeoutOption(5), Effect.andThen(Effect.sync(() => say("goes on")))),
    kotlin: "suspendCancellableCoroutine { … }",
    go: "select { case <-ctx.Done(): …; case v := <-ch: … }",
  },
  {
    title: "a callback at the moment of the cancellation",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(1_000, async (scope) => {
        scope.onCancel((reason) => say(`cancelled: ${reason.source}`));
        await sleep(5_000, scope);
      });
    },
    says: ["cancelled: deadline"],
    kotlin: "job.invokeOnCompletion { … }",
    go: "stop := context.AfterFunc(ctx, f)",
  },
  {
    title: "why it was cancelled",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(Infinity, async (scope) => {
        scope.cancel("the user left");
        say(scope.reason?.reason);
        await sleep(0, scope);
      });
    },
    says: ["the user left"],
    asyncio: `
      async def task():
          try:
              await asyncio.sleep(5)
          except asyncio.CancelledError as error:
              say(error.args[0])
              raise
      task = asyncio.create_task(task())
      await asyncio.sleep(0)
      task.cancel("the user left")
      await asyncio.wait([task])`,
    kotlin: "job.cancel(CancellationException(\"the user left\"))",
    go: "context.Cause(ctx)",
  },
  {
    title: "a signal from outside",
    ours: async (_scope, { say }) => {
      const client = new AbortController();
      const request = { signal: client.signal };
      const answer = taskGroup((group) => sleepForever(group), request);
      client.abort();
      await answer.catch((error: unknown) => say((error as Error).name));
    },
    says: ["AbortError"],
    effect: {
      code: (say) => {
        const client = new AbortController();
        const answer = Effect.runPromise(Effect.never, { signal: client.signal });
        client.abort();
        return Effect.promise(() => answer.catch((error: unknown) => say((error as Error).name)));
      },
      says: ["Error"],
    },
    go: "r.Context()",
  },
  {
    title: "a cancellation is taken back",
    says: [],
    asyncio: `
      async def task():
          try:
              await asyncio.sleep(5)
          except asyncio.CancelledError:
              asyncio.current_task().uncancel()
      task = asyncio.create_task(task())
      await asyncio.sleep(0)
      task.cancel()
      await task`,
  },
  {
    title: "whose cancellation it was",
    ours: async (scope, { say }) => {
      const outcome = await scope.moveOnAfter(1_000, async (outer: Scope) => outer.moveOnAfter(5_000, (inner) => sleep(9_000, inner), { fallback: "inner" }), { fallback: "outer" });
      say(outcome);
    },
    says: ["outer"],
    trio: `
      with trio.move_on_after(1) as outer:
          with trio.move_on_after(5) as inner:
              await trio.sleep(9)
          if inner.cancelled_caught:
              say("inner")
      if outer.cancelled_caught:
          say("outer")`,
  },
];
