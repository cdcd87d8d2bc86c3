/** What survives a cancellation: cleanup, shields. */
import { Effect } from "effect";
import { sleep } from "espalier";
import type { Line } from "../line.ts";

export const cleanup: readonly Line[] = [
  {
    title: "who waits in a finally, in a cancelled scope",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(1_000, async (scope) => {
        try {
          await sleep(5_000, scope);
        } finally {
          await sleep(1_000, scope);
          say("it waited");
        }
      });
    },
    says: [],
    asyncio: {
      code: `
        try:
            async with asyncio.timeout(1):
                try:
                    await asyncio.sleep(5)
                finally:
                    await asyncio.sleep(1)
                    say("it waited")
        except TimeoutError:
            pass`,
      says: ["it waited"],
    },
    trio: `
      with trio.move_on_after(1):
          try:
              await trio.sleep(5)
          finally:
              await trio.sleep(1)
              say("it waited")`,
    anyio: `
      with anyio.move_on_after(1):
          try:
              await anyio.sleep(5)
          finally:
              await anyio.sleep(1)
              say("it waited")`,
    effect: {
      code: (say) => Effect.sleep(5_000).pipe(Effect.ensuring(Effect.sleep(1_000).pipe(Effect.andThen(Effect.sync(() => say("it waited"))))), Effect.timeoutOption(1_000)),
      says: ["it waited"],
    },
  },
  {
    title: "a shield is waited for",
    ours: async (scope, { say, work }) => {
      await scope.moveOnAfter(1_000, async (scope) => {
        await scope.shield((scope) => work("cleanup", 5_000, scope), { timeout: 10_000 });
      });
      say("goes on");
    },
    says: ["cleanup is done", "goes on"],
    asyncio: {
      code: `
        cleanup = asyncio.create_task(work("cleanup", 5))
        try:
            async with asyncio.timeout(1):
                await asyncio.shield(cleanup)
        except TimeoutError:
            say("goes on")
        await cleanup`,
      says: ["goes on", "cleanup is done"],
    },
    trio: `
      with trio.move_on_after(1):
          with trio.CancelScope(shield=True):
              await work("cleanup", 5)
      say("goes on")`,
    anyio: `
      with anyio.move_on_after(1):
          with anyio.CancelScope(shield=True):
              await work("cleanup", 5)
      say("goes on")`,
    effect: (say) =>
      Effect.sleep(5_000).pipe(
        Effect.andThen(Effect.sync(() => say("cleanup is done"))),
        Effect.uninterruptible,
        Effect.timeoutOption(1_000),
        Effect.andThen(Effect.sync(() => say("goes on"))),
      ),
    kotlin: "withContext(NonCancellable) { … }",
    go: "context.WithoutCancel(ctx)",
  },
  {
    title: "a shield with a budget",
    ours: async (scope, { say, work }) => {
      await scope
        .moveOnAfter(1_000, async (scope) => {
          await scope.shield((scope) => work("cleanup", 50_000, scope), { timeout: 2_000 });
        })
        .catch((error: unknown) => say((error as Error).name));
    },
    says: ["TimeoutError"],
    trio: {
      code: `
        with trio.move_on_after(1):
            with trio.move_on_after(2) as budget:
                budget.shield = True
                await work("cleanup", 50)
            say("gave up" if budget.cancelled_caught else "done")`,
      says: ["gave up"],
    },
    anyio: {
      code: `
        with anyio.move_on_after(1):
            with anyio.move_on_after(2, shield=True) as budget:
                await work("cleanup", 50)
            say("gave up" if budget.cancel_called else "done")`,
      says: ["gave up"],
    },
  },
  {
    title: "a cleanup at the end of a scope",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(1_000, async (scope) => {
        scope.defer(async (scope) => {
          await sleep(1_000, scope);
          say("first opened, last closed");
        });
        scope.defer(() => say("last opened, first closed"));
        await sleep(5_000, scope);
      });
    },
    says: ["last opened, first closed", "first opened, last closed"],
    asyncio: `
      from contextlib import AsyncExitStack
      async def close():
          await asyncio.sleep(1)
          say("first opened, last closed")
      try:
          async with asyncio.timeout(1):
              async with AsyncExitStack() as stack:
                  stack.push_async_callback(close)
                  stack.callback(say, "last opened, first closed")
                  await asyncio.sleep(5)
      except TimeoutError:
          pass`,
    trio: {
      code: `
        from contextlib import AsyncExitStack
        async def close():
            await trio.sleep(1)
            say("first opened, last closed")
        with trio.move_on_after(1):
            async with AsyncExitStack() as stack:
                stack.push_async_callback(close)
                stack.callback(say, "last opened, first closed")
                await trio.sleep(5)`,
      says: ["last opened, first closed"],
    },
    anyio: {
      code: `
        from contextlib import AsyncExitStack
        async def close():
            await anyio.sleep(1)
            say("first opened, last closed")
        with anyio.move_on_after(1):
            async with AsyncExitStack() as stack:
                stack.push_async_callback(close)
                stack.callback(say, "last opened, first closed")
                await anyio.sleep(5)`,
      says: ["last opened, first closed"],
    },
    effect: (say) =>
      Effect.gen(function* () {
        yield* Effect.addFinalizer(() => Effect.sleep(1_000).pipe(Effect.andThen(Effect.sync(() => say("first opened, last closed")))));
        yield* Effect.addFinalizer(() => Effect.sync(() => say("last opened, first closed")));
        yield* Effect.sleep(5_000);
      }).pipe(Effect.scoped, Effect.timeoutOption(1_000)),
    kotlin: "try { … } finally { … }",
    go: "defer close()",
  },
];
