/** Errors: several at once, by class, told and untold. */
import { Cause, Effect } from "effect";
import { catchErrors, leaves, type Scope, sleep, splitErrors, suppressed, TaskGroupError } from "espalier";
import type { Line } from "../line.ts";

const refuse = async (what: string): Promise<never> => {
  throw new RangeError(what);
};

export const failures: readonly Line[] = [
  {
    title: "a failure cancels the others, and is thrown when they have ended",
    ours: async (scope, { say }) => {
      try {
        await scope.group((group) => {
          group.spawn(async (scope) => {
            try {
              await sleep(5_000, scope);
            } finally {
              say("the other ended");
            }
          });
          group.spawn(async (scope) => {
            await sleep(1_000, scope);
            throw new RangeError("refused");
          });
        });
      } catch (error) {
        if (error instanceof TaskGroupError) say(error.errors.length);
      }
    },
    says: ["the other ended", "1"],
    asyncio: `
      async def other():
          try:
              await asyncio.sleep(5)
          finally:
              say("the other ended")
      async def failing():
          await asyncio.sleep(1)
          raise ValueError("refused")
      try:
          async with asyncio.TaskGroup() as group:
              group.create_task(other())
              group.create_task(failing())
      except ExceptionGroup as error:
          say(len(error.exceptions))`,
    trio: `
      async def other():
          try:
              await trio.sleep(5)
          finally:
              say("the other ended")
      async def failing():
          await trio.sleep(1)
          raise ValueError("refused")
      try:
          async with trio.open_nursery() as nursery:
              nursery.start_soon(other)
              nursery.start_soon(failing)
      except ExceptionGroup as error:
          say(len(error.exceptions))`,
    anyio: {
      needs: "4",
      code: `
        async def other():
            try:
                await anyio.sleep(5)
            finally:
                say("the other ended")
        async def failing():
            await anyio.sleep(1)
            raise ValueError("refused")
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(other)
                group.start_soon(failing)
        except ExceptionGroup as error:
            say(len(error.exceptions))`,
    },
  },
  {
    title: "errors by class",
    ours: async (scope, { say }) => {
      try {
        await scope.group((group) => {
          group.spawn(() => refuse("refused"));
          group.spawn(async () => {
            throw new TypeError("a mistake");
          });
        });
      } catch (error) {
        await catchErrors(error, [RangeError, (group) => say(`${group.errors.length} refused`)], [TypeError, (group) => say(`${group.errors.length} wrong`)]);
      }
    },
    says: ["1 refused", "1 wrong"],
    asyncio: `
      async def failing(error):
          raise error
      try:
          async with asyncio.TaskGroup() as group:
              group.create_task(failing(ValueError("refused")))
              group.create_task(failing(TypeError("a mistake")))
      except* ValueError as group:
          say(f"{len(group.exceptions)} refused")
      except* TypeError as group:
          say(f"{len(group.exceptions)} wrong")`,
    trio: `
      async def failing(error):
          raise error
      try:
          async with trio.open_nursery() as nursery:
              nursery.start_soon(failing, ValueError("refused"))
              nursery.start_soon(failing, TypeError("a mistake"))
      except* ValueError as group:
          say(f"{len(group.exceptions)} refused")
      except* TypeError as group:
          say(f"{len(group.exceptions)} wrong")`,
    anyio: {
      needs: "4",
      code: `
        async def failing(error):
            raise error
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(failing, ValueError("refused"))
                group.start_soon(failing, TypeError("a mistake"))
        except* ValueError as group:
            say(f"{len(group.exceptions)} refused")
        except* TypeError as group:
            say(f"{len(group.exceptions)} wrong")`,
    },
  },
  {
    title: "one kind of error, and the others go on",
    ours: async (scope, { say }) => {
      await scope.failAfter(1_000, () => refuse("refused")).catch((error: unknown) => {
        if (error instanceof RangeError) return say(error.message);
        throw error;
      });
    },
    says: ["refused"],
    effect: (say) => Effect.fail({ _tag: "Refused", message: "refused" } as const).pipe(Effect.catchTag("Refused", (error) => Effect.sync(() => say(error.message)))),
  },
  {
    title: "a group of errors in parts",
    ours: async (scope, { say }) => {
      const error: unknown = await scope.group((group) => {
        group.spawn(() => scope.group((inner) => void inner.spawn(() => refuse("refused"))));
        group.spawn(() => Promise.reject(new TypeError("a mistake")));
      }).catch((error: unknown) => error);
      const [refused] = splitErrors(error, (one) => one instanceof RangeError);
      say(leaves(refused).map((one) => (one as Error).message).join());
    },
    says: ["refused"],
    asyncio: `
      group = ExceptionGroup("", [ExceptionGroup("", [ValueError("refused")]), TypeError("a mistake")])
      refused, rest = group.split(ValueError)
      say(refused.exceptions[0].exceptions[0])`,
    trio: `
      group = ExceptionGroup("", [ExceptionGroup("", [ValueError("refused")]), TypeError("a mistake")])
      refused, rest = group.split(ValueError)
      say(refused.exceptions[0].exceptions[0])`,
    anyio: `
      group = ExceptionGroup("", [ExceptionGroup("", [ValueError("refused")]), TypeError("a mistake")])
      refused, rest = group.split(ValueError)
      say(refused.exceptions[0].exceptions[0])`,
  },
  {
    title: "the first error alone",
    ours: async (scope, { say }) => {
      const error: unknown = await scope.group(
        (group) => {
          group.spawn(() => refuse("refused"));
          group.spawn(() => Promise.reject(new TypeError("a mistake")));
        },
        { errors: "first" },
      ).catch((error: unknown) => error);
      say((error as Error).message);
      say(`and ${suppressed(error).length} more`);
    },
    says: ["refused", "and 1 more"],
    effect: {
      code: (say) =>
        Effect.all([Effect.fail(new RangeError("refused")), Effect.fail(new TypeError("a mistake"))], { concurrency: "unbounded" }).pipe(
          Effect.catch((error) => Effect.sync(() => say(error.message))),
        ),
      says: ["refused"],
    },
    go: "err := group.Wait()",
  },
  {
    title: "a failure that must not stop the others",
    ours: async (scope, { say, work }) => {
      await scope.group(
        (group) => {
          group.spawn(() => refuse("refused"), { name: "careless" });
          group.spawn((scope) => work("a", 1_000, scope));
        },
        { onError: (error, task) => say(`${task.name}: ${(error as Error).message}`) },
      );
    },
    says: ["careless: refused", "a is done"],
    asyncio: `
      async def guarded(work):
          try:
              await work
          except ValueError as error:
              say(f"careless: {error}")
      async def refuse():
          raise ValueError("refused")
      async with asyncio.TaskGroup() as group:
          group.create_task(guarded(refuse()))
          group.create_task(guarded(work("a", 1)))`,
    kotlin: "supervisorScope { launch(CoroutineExceptionHandler { … }) { … } }",
  },
  {
    title: "a task of nobody fails",
    ours: async (scope, { say }) => {
      await scope.group((group) => void group.spawn(() => refuse("refused"))).catch(() => say("its group throws"));
    },
    says: ["its group throws"],
    asyncio: {
      code: `
        async def refuse():
            raise ValueError("refused")
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: say(context["message"]))
        asyncio.create_task(refuse())
        await asyncio.sleep(1)
        say("goes on")`,
      says: ["Task exception was never retrieved", "goes on"],
    },
    effect: {
      code: (say) =>
        Effect.gen(function* () {
          yield* Effect.forkDetach(Effect.fail(new RangeError("refused")));
          yield* Effect.sleep(1_000);
          say("goes on");
        }),
      says: ["goes on"],
    },
    kotlin: "GlobalScope.launch { … }",
    go: "go f()",
  },
  {
    title: "an error in the cleanup is told, too",
    ours: async (scope, { say }) => {
      const careless = async (scope: Scope): Promise<void> => {
        try {
          await sleep(5_000, scope);
        } finally {
          await refuse("not closed");
        }
      };
      await scope.all([careless, () => refuse("refused")]).catch((error: unknown) => say([error, ...suppressed(error)].map((one) => (one as Error).message).join(", ")));
    },
    says: ["refused, not closed"],
    effect: {
      code: (say) => {
        const careless = Effect.sleep(5_000).pipe(Effect.ensuring(Effect.die(new RangeError("not closed"))));
        const refused = Effect.yieldNow.pipe(Effect.andThen(Effect.fail(new RangeError("refused"))));
        return Effect.all([careless, refused], { concurrency: "unbounded" }).pipe(
          Effect.catchCause((cause) => Effect.sync(() => say(Cause.prettyErrors(cause).map((one) => one.message).join(", ")))),
        );
      },
    },
  },
];
