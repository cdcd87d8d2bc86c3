/** Time limits, deadlines, sleeping. */
import { Effect } from "effect";
import { failAfter, isCancelled, sleep, sleepForever, sleepUntil, TimeoutError } from "espalier";
import type { Line } from "../line.ts";

export const time: readonly Line[] = [
  {
    title: "a time limit that fails",
    ours: async (scope, { say }) => {
      try {
        await scope.failAfter(5_000, async (scope) => {
          await sleep(10_000, scope);
        });
      } catch (error) {
        if (error instanceof TimeoutError) say("too slow");
      }
    },
    says: ["too slow"],
    asyncio: `
      try:
          async with asyncio.timeout(5):
              await asyncio.sleep(10)
      except TimeoutError:
          say("too slow")`,
    trio: `
      try:
          with trio.fail_after(5):
              await trio.sleep(10)
      except trio.TooSlowError:
          say("too slow")`,
    anyio: `
      try:
          with anyio.fail_after(5):
              await anyio.sleep(10)
      except TimeoutError:
          say("too slow")`,
    effect: (say) => Effect.sleep("10 seconds").pipe(Effect.timeout("5 seconds"), Effect.catchTag("TimeoutError", () => Effect.sync(() => say("too slow")))),
    kotlin: "withTimeout(5.seconds) { … }",
    go: "ctx, cancel := context.WithTimeout(ctx, 5*time.Second)",
  },
  {
    title: "a time limit around one call",
    ours: async (scope, { say, work }) => {
      await scope.failAfter(5_000, (scope) => work("a", 10_000, scope)).catch(() => say("too slow"));
    },
    says: ["too slow"],
    asyncio: `
      try:
          await asyncio.wait_for(work("a", 10), 5)
      except TimeoutError:
          say("too slow")`,
  },
  {
    title: "a time limit at the root",
    ours: async (_scope, { say }) => {
      await failAfter(1, (scope) => sleepForever(scope)).catch(() => say("too slow"));
    },
    real: true,
    says: ["too slow"],
    trio: {
      code: `
        async def main():
            with trio.fail_after(0.001):
                await trio.sleep_forever()
        try:
            trio.run(main)
        except trio.TooSlowError:
            say("too slow")`,
    },
  },
  {
    title: "a time limit after which one goes on",
    ours: async (scope, { say, work }) => {
      const got = await scope.moveOnAfter(5_000, async (scope) => work("a", 10_000, scope), { fallback: "nothing" });
      say(got);
    },
    says: ["nothing"],
    trio: `
      got = "nothing"
      with trio.move_on_after(5) as limit:
          got = await work("a", 10)
      if limit.cancelled_caught:
          say(got)`,
    anyio: `
      got = "nothing"
      with anyio.move_on_after(5) as limit:
          got = await work("a", 10)
      if limit.cancel_called:
          say(got)`,
    effect: (say) =>
      Effect.gen(function* () {
        const got = yield* Effect.sleep("10 seconds").pipe(Effect.as("a"), Effect.timeoutOption("5 seconds"));
        say(got._tag === "None" ? "nothing" : got.value);
      }),
    kotlin: "withTimeoutOrNull(5.seconds) { … }",
    go: "case <-time.After(5 * time.Second):",
  },
  {
    title: "a scope to cancel by hand",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(Infinity, async (scope) => {
        scope.cancel("enough");
        await sleep(1_000, scope);
        say("never");
      });
      say("goes on");
    },
    says: ["goes on"],
    trio: `
      with trio.CancelScope() as scope:
          scope.cancel()
          await trio.sleep(1)
          say("never")
      say("goes on")`,
    anyio: `
      with anyio.CancelScope() as scope:
          scope.cancel()
          await anyio.sleep(1)
          say("never")
      say("goes on")`,
    kotlin: "scope.cancel()",
    go: "ctx, cancel := context.WithCancel(ctx)",
  },
  {
    title: "the deadline that holds here",
    ours: (scope, { say }) => scope.failAfter(5_000, (scope) => say(`${(scope.deadline - scope.now()) / 1_000} s are left`)),
    says: ["5 s are left"],
    asyncio: `
      async with asyncio.timeout(5) as limit:
          say(f"{limit.when() - asyncio.get_running_loop().time():.0f} s are left")`,
    trio: `
      with trio.fail_after(5):
          say(f"{trio.current_effective_deadline() - trio.current_time():.0f} s are left")`,
    anyio: `
      with anyio.fail_after(5):
          say(f"{anyio.current_effective_deadline() - anyio.current_time():.0f} s are left")`,
    go: "deadline, ok := ctx.Deadline()",
  },
  {
    title: "a deadline that is moved",
    ours: async (scope, { say, work }) => {
      await scope.moveOnAfter(1_000, async (scope) => {
        scope.reschedule(scope.now() + 5_000);
        await work("a", 2_000, scope);
      });
      say("goes on");
    },
    says: ["a is done", "goes on"],
    asyncio: `
      async with asyncio.timeout(1) as limit:
          limit.reschedule(limit.when() + 5)
          await work("a", 2)
      say("goes on")`,
    trio: `
      with trio.move_on_after(1) as limit:
          limit.deadline += 5
          await work("a", 2)
      say("goes on")`,
    anyio: `
      with anyio.move_on_after(1) as limit:
          limit.deadline += 5
          await work("a", 2)
      say("goes on")`,
  },
  {
    title: "sleeping",
    ours: async (scope, { say }) => {
      await sleep(1_000, scope);
      say("awake");
    },
    says: ["awake"],
    asyncio: `
      await asyncio.sleep(1)
      say("awake")`,
    trio: `
      await trio.sleep(1)
      say("awake")`,
    anyio: `
      await anyio.sleep(1)
      say("awake")`,
    effect: (say) => Effect.sleep("1 second").pipe(Effect.andThen(Effect.sync(() => say("awake")))),
    kotlin: "delay(1.seconds)",
    go: "time.Sleep(time.Second)",
  },
  {
    title: "sleeping until a moment, and for ever",
    ours: async (scope, { say }) => {
      await sleepUntil(scope.now() + 1_000, scope);
      say("awake");
      await scope.moveOnAfter(1_000, (scope) => sleepForever(scope));
    },
    says: ["awake"],
    trio: `
      await trio.sleep_until(trio.current_time() + 1)
      say("awake")
      with trio.move_on_after(1):
          await trio.sleep_forever()`,
    anyio: `
      await anyio.sleep_until(anyio.current_time() + 1)
      say("awake")
      with anyio.move_on_after(1):
          await anyio.sleep_forever()`,
    effect: (say) =>
      Effect.gen(function* () {
        yield* Effect.sleep("1 second");
        say("awake");
        yield* Effect.never.pipe(Effect.timeoutOption("1 second"));
      }),
    kotlin: "awaitCancellation()",
    go: "<-ctx.Done()",
  },
  {
    title: "letting others have their turn",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        group.spawn(async (scope) => {
          await scope.checkpoint();
          say("the other");
        });
        say("first");
        await group.checkpoint();
        await group.checkpoint();
        say("last");
      }),
    says: ["first", "the other", "last"],
    asyncio: `
      async def other():
          await asyncio.sleep(0)
          say("the other")
      async with asyncio.TaskGroup() as group:
          group.create_task(other())
          say("first")
          await asyncio.sleep(0)
          await asyncio.sleep(0)
          await asyncio.sleep(0)
          say("last")`,
    trio: `
      async def other():
          await trio.lowlevel.checkpoint()
          say("the other")
      async with trio.open_nursery() as nursery:
          nursery.start_soon(other)
          say("first")
          for _ in range(3):
              await trio.lowlevel.checkpoint()
          say("last")`,
    anyio: `
      async def other():
          await anyio.lowlevel.checkpoint()
          say("the other")
      async with anyio.create_task_group() as group:
          group.start_soon(other)
          say("first")
          for _ in range(4):
              await anyio.lowlevel.checkpoint()
          say("last")`,
    effect: (say) =>
      Effect.gen(function* () {
        yield* Effect.forkChild(Effect.yieldNow.pipe(Effect.andThen(Effect.sync(() => say("the other")))));
        say("first");
        for (let turn = 0; turn < 3; turn++) yield* Effect.yieldNow;
        say("last");
      }),
    kotlin: "yield()",
    go: "runtime.Gosched()",
  },
  {
    title: "looking without waiting",
    ours: async (scope, { say }) => {
      await scope.moveOnAfter(Infinity, (scope) => {
        scope.cancel();
        try {
          scope.throwIfCancelled();
        } catch (error) {
          if (isCancelled(error)) say("enough");
        }
      });
    },
    says: ["enough"],
    trio: `
      with trio.CancelScope() as scope:
          scope.cancel()
          try:
              await trio.lowlevel.checkpoint_if_cancelled()
          except trio.Cancelled:
              say("enough")
              raise`,
    anyio: `
      with anyio.CancelScope() as scope:
          scope.cancel()
          try:
              await anyio.lowlevel.checkpoint_if_cancelled()
          except anyio.get_cancelled_exc_class():
              say("enough")
              raise`,
    kotlin: "ensureActive()",
    go: "if err := ctx.Err(); err != nil { return err }",
  },
];
