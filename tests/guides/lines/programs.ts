/** Context, tests, and what one looks at from outside. */
import { Context, Effect } from "effect";
import { runEffect } from "espalier/effect";
import { moveOnAfter, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { ambient, contextVariable, currentScope } from "espalier/context";
import { park, type Waiter } from "espalier/lowlevel";
import { assertCheckpoints, assertNoLeaks, inScope, Sequencer, testClock, treeText, waitAllTasksBlocked } from "espalier/testing";
import type { Line } from "../line.ts";

export const programs: readonly Line[] = [
  {
    title: "a value for all that is below",
    ours: async (scope, { say }) => {
      const user = contextVariable<string>("user", { default: "nobody" });
      await user.run("ada", async (scope) => {
        await scope.all([(scope) => say(user.get(scope))]);
      }, scope);
      say(user.get(scope));
    },
    says: ["ada", "nobody"],
    asyncio: `
      import contextvars
      user = contextvars.ContextVar("user", default="nobody")
      async def task():
          say(user.get())
      token = user.set("ada")
      async with asyncio.TaskGroup() as group:
          group.create_task(task())
      user.reset(token)
      say(user.get())`,
    trio: `
      import contextvars
      user = contextvars.ContextVar("user", default="nobody")
      async def task():
          say(user.get())
      token = user.set("ada")
      async with trio.open_nursery() as nursery:
          nursery.start_soon(task)
      user.reset(token)
      say(user.get())`,
    anyio: `
      import contextvars
      user = contextvars.ContextVar("user", default="nobody")
      async def task():
          say(user.get())
      token = user.set("ada")
      async with anyio.create_task_group() as group:
          group.start_soon(task)
      user.reset(token)
      say(user.get())`,
    effect: (say) => {
      const User = Context.Reference<string>("User", { defaultValue: () => "nobody" });
      return Effect.gen(function* () {
        yield* Effect.flatMap(User, (user) => Effect.sync(() => say(user))).pipe(Effect.provideService(User, "ada"));
        say(yield* User);
      });
    },
    kotlin: "class User(…) : AbstractCoroutineContextElement(Key)",
    go: "context.WithValue(ctx, key, user)",
  },
  {
    title: "the scope of whoever runs",
    ours: async (scope, { say }) => {
      const audit = async (): Promise<void> => {
        await sleep(1, currentScope());
        say("logged");
      };
      await scope.failAfter(1_000, ambient(async () => audit()));
    },
    real: true,
    says: ["logged"],
    asyncio: `
      say("logged" if asyncio.current_task() is not None else "nobody")`,
    trio: `
      say("logged" if trio.lowlevel.current_task() is not None else "nobody")`,
    anyio: `
      say("logged" if anyio.get_current_task() is not None else "nobody")`,
    kotlin: "currentCoroutineContext()",
  },
  {
    title: "what runs now",
    ours: async (_scope, { say }) => {
      const clock = testClock();
      await taskGroup((group) => {
        group.spawn((scope) => sleepForever(scope), { name: "poll", daemon: true });
        say(treeText(clock).includes("poll: sleep") ? "poll sleeps" : treeText(clock));
      }, { clock });
    },
    real: true,
    says: ["poll sleeps"],
    asyncio: `
      async with asyncio.TaskGroup() as group:
          task = group.create_task(asyncio.sleep(10**6), name="poll")
          say("poll sleeps" if task in asyncio.all_tasks() else "nothing")
          task.cancel()`,
  },
  {
    title: "time in tests",
    ours: async (_scope, { say }) => {
      const clock = testClock();
      await moveOnAfter(86_400_000, (scope) => sleepForever(scope), { clock });
      say(`${clock.now() / 3_600_000} h`);
    },
    real: true,
    says: ["24 h"],
    trio: `
      async def main():
          with trio.move_on_after(86400):
              await trio.sleep_forever()
          say(f"{trio.current_time() / 3600:.0f} h")
      from trio.testing import MockClock
      clock = MockClock(autojump_threshold=0)
      began = clock.current_time()
      trio.run(main, clock=clock)`,
    kotlin: "runTest { … }",
    go: "synctest.Test(t, func(t *testing.T) { … })",
  },
  {
    title: "time in tests, of both",
    ours: async (_scope, { say }) => {
      const clock = testClock();
      await moveOnAfter(86_400_000, (scope) => runEffect(Effect.never, scope), { clock });
      say(`${clock.now() / 3_600_000} h`);
    },
    real: true,
    says: ["24 h"],
  },
  {
    title: "until all others wait",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        group.spawn(async (scope) => {
          for (let step = 0; step < 5; step++) await scope.checkpoint();
          say("ready");
          await sleep(1_000, scope);
        });
        await waitAllTasksBlocked(group);
        say("all wait");
      }),
    says: ["ready", "all wait"],
    trio: `
      async def task():
          for step in range(5):
              await trio.lowlevel.checkpoint()
          say("ready")
          await trio.sleep(1)
      async with trio.open_nursery() as nursery:
          nursery.start_soon(task)
          await trio.testing.wait_all_tasks_blocked()
          say("all wait")`,
    anyio: `
      async def task():
          for step in range(5):
              await anyio.lowlevel.checkpoint()
          say("ready")
          await anyio.sleep(1)
      async with anyio.create_task_group() as group:
          group.start_soon(task)
          await anyio.wait_all_tasks_blocked()
          say("all wait")`,
    go: "synctest.Wait()",
  },
  {
    title: "one certain order",
    ours: (scope, { say }) =>
      scope.group((group) => {
        const order = new Sequencer();
        group.spawn((scope) => order.at(1, scope, () => say("second")));
        group.spawn((scope) => order.at(0, scope, () => say("first")));
      }),
    says: ["first", "second"],
    trio: `
      order = trio.testing.Sequencer()
      async def at(point, word):
          async with order(point):
              say(word)
      async with trio.open_nursery() as nursery:
          nursery.start_soon(at, 1, "second")
          nursery.start_soon(at, 0, "first")`,
  },
  {
    title: "whether something can be cancelled",
    ours: async (_scope, { say }) => {
      await assertCheckpoints((scope: Scope) => sleep(1, scope));
      say("it can");
    },
    real: true,
    says: ["it can"],
    trio: `
      with trio.testing.assert_checkpoints():
          await trio.sleep(0)
      say("it can")`,
  },
  {
    title: "a test in a scope, and nothing left behind",
    ours: async (_scope, { say }) => {
      const test = inScope(async (scope) => {
        await sleep(3_600_000, scope);
        say("an hour later");
      }, { clock: testClock(), timeout: 5_000 });
      await assertNoLeaks(() => test());
    },
    real: true,
    says: ["an hour later"],
    go: "goleak.VerifyNone(t)",
  },
  {
    title: "a primitive of one's own",
    ours: (scope, { say }) =>
      scope.group(async (group) => {
        let waiting: Waiter<string> | undefined;
        group.spawn(async (scope) => {
          const word = await park<string>(scope, "turnstile", (waiter) => {
            waiting = waiter;
          });
          say(word);
        });
        waiting?.resolve("let through");
      }),
    says: ["let through"],
    trio: `
      waiting = []
      async def turnstile():
          waiting.append(trio.lowlevel.current_task())
          say(await trio.lowlevel.wait_task_rescheduled(lambda _: trio.lowlevel.Abort.SUCCEEDED))
      async with trio.open_nursery() as nursery:
          nursery.start_soon(turnstile)
          await trio.testing.wait_all_tasks_blocked()
          trio.lowlevel.reschedule(waiting[0], __import__("outcome").Value("let through"))`,
  },
];
