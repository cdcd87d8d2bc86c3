/** Fixed lists and items: all, the first, as they come. */
import { Effect } from "effect";
import pMap, { pMapIterable } from "p-map";
import { type Scope, sleep, TaskGroupError } from "espalier";
import { asCompleted, mapStream } from "espalier/flow";
import type { Line, Say } from "../line.ts";
import { delay, gate } from "./delay.ts";

const slow = (say: Say, name: string, ms: number): Effect.Effect<string> => Effect.sleep(ms).pipe(Effect.map(() => (say(`${name} is done`), name)));
const failing = Effect.sleep(1_000).pipe(Effect.andThen(Effect.fail(new RangeError("refused"))));

export const combinators: readonly Line[] = [
  {
    title: "a list of calls, and their results",
    ours: async (scope, { say, work }) => {
      const results = await scope.all([(scope) => work("a", 2_000, scope), (scope) => work("b", 1_000, scope)]);
      say(results.join(" "));
    },
    says: ["b is done", "a is done", "a b"],
    asyncio: `
      results = await asyncio.gather(work("a", 2), work("b", 1))
      say(" ".join(results))`,
    effect: (say) => Effect.all([slow(say, "a", 2_000), slow(say, "b", 1_000)], { concurrency: "unbounded" }).pipe(Effect.map((results) => say(results.join(" ")))),
    kotlin: "listOf(a, b).awaitAll()",
  },
  {
    title: "one of a list fails: the others are cancelled, and waited for",
    ours: async (scope, { say }) => {
      const careful = async (scope: Scope): Promise<void> => {
        try {
          await sleep(2_000, scope);
          say("it went on");
        } finally {
          await scope.shield((scope) => sleep(1_000, scope));
          say("it cleaned up");
        }
      };
      const refused = async (scope: Scope): Promise<void> => {
        await sleep(1_000, scope);
        throw new RangeError("refused");
      };
      await scope.all([refused, careful]).catch((error: unknown) => say((error as Error).message));
    },
    says: ["it cleaned up", "refused"],
    asyncio: {
      code: `
        async def careful():
            try:
                await asyncio.sleep(2)
                say("it went on")
            finally:
                await asyncio.sleep(1)
                say("it cleaned up")
        async def refused():
            await asyncio.sleep(1)
            raise ValueError("refused")
        try:
            await asyncio.gather(refused(), careful())
        except ValueError as error:
            say(error)
        await asyncio.sleep(5)`,
      says: ["refused", "it went on", "it cleaned up"],
    },
    effect: (say) => {
      const careful = Effect.sleep(2_000).pipe(
        Effect.andThen(Effect.sync(() => say("it went on"))),
        Effect.ensuring(Effect.sleep(1_000).pipe(Effect.andThen(Effect.sync(() => say("it cleaned up"))))),
      );
      return Effect.all([failing, careful], { concurrency: "unbounded" }).pipe(Effect.catch((error) => Effect.sync(() => say(error.message))));
    },
  },
  {
    title: "all outcomes, good and bad",
    ours: async (scope, { say, work }) => {
      const outcomes = await scope.allSettled([(scope) => work("a", 1_000, scope), () => Promise.reject(new RangeError("refused"))]);
      for (const outcome of outcomes) say(outcome.status === "fulfilled" ? outcome.value : (outcome.reason as Error).message);
    },
    says: ["a is done", "a", "refused"],
    asyncio: `
      async def refused():
          raise ValueError("refused")
      for outcome in await asyncio.gather(work("a", 1), refused(), return_exceptions=True):
          say(outcome)`,
    effect: (say) =>
      Effect.gen(function* () {
        const refused = Effect.fail(new RangeError("refused"));
        const outcomes = yield* Effect.all([Effect.result(slow(say, "a", 1_000)), Effect.result(refused)], { concurrency: "unbounded" });
        for (const outcome of outcomes) say(outcome._tag === "Success" ? outcome.success : outcome.failure.message);
      }),
    kotlin: "supervisorScope { … }",
  },
  {
    title: "the first that settles",
    ours: async (scope, { say }) => {
      const replica = async (name: string, ms: number, scope: Scope): Promise<string> => {
        try {
          await sleep(ms, scope);
          return name;
        } finally {
          if (scope.cancelled) say(`${name} was cancelled`);
        }
      };
      say(await scope.race([(scope) => replica("a", 5_000, scope), (scope) => replica("b", 1_000, scope)]));
    },
    says: ["a was cancelled", "b"],
    asyncio: {
      code: `
        async def replica(name, seconds):
            try:
                await asyncio.sleep(seconds)
                return name
            except asyncio.CancelledError:
                say(f"{name} was cancelled")
                raise
        tasks = [asyncio.create_task(replica("a", 5)), asyncio.create_task(replica("b", 1))]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        say(done.pop().result())
        for task in pending:
            say("and the other runs on")
            await task`,
      says: ["b", "and the other runs on"],
    },
    effect: (say) => {
      const replica = (name: string, ms: number): Effect.Effect<string> =>
        Effect.sleep(ms).pipe(Effect.as(name), Effect.onInterrupt(() => Effect.sync(() => say(`${name} was cancelled`))));
      return Effect.raceFirst(replica("a", 5_000), replica("b", 1_000)).pipe(Effect.map(say));
    },
    kotlin: "select { a.onAwait { … }; b.onAwait { … } }",
    go: "select { case v := <-a: …; case v := <-b: … }",
  },
  {
    title: "the first that succeeds",
    ours: async (scope, { say, work }) => {
      say(await scope.any([() => Promise.reject(new RangeError("refused")), (scope) => work("b", 1_000, scope)]));
      await scope.any([() => Promise.reject(new RangeError("refused"))]).catch((error: unknown) => say(error instanceof TaskGroupError && "all failed"));
    },
    says: ["b is done", "b", "all failed"],
    effect: (say) =>
      Effect.gen(function* () {
        const refused = Effect.fail(new RangeError("refused"));
        say(yield* Effect.raceAll([refused, slow(say, "b", 1_000)]));
        yield* Effect.raceAll([refused]).pipe(Effect.catch(() => Effect.sync(() => say("all failed"))));
      }),
  },
  {
    title: "results as they come",
    ours: async (scope, { say }) => {
      const waits = [3_000, 1_000, 2_000].map((ms) => async (scope: Scope) => {
        await sleep(ms, scope);
        return ms / 1_000;
      });
      for await (const seconds of asCompleted(waits, scope)) say(seconds);
    },
    says: ["1", "2", "3"],
    asyncio: `
      async def wait(seconds):
          await asyncio.sleep(seconds)
          return seconds
      for next_one in asyncio.as_completed([wait(3), wait(1), wait(2)]):
          say(await next_one)`,
    kotlin: "channelFlow { … }",
    go: "for v := range results { … }",
  },
  {
    title: "items, a few at a time, results in their order",
    ours: async (scope, { say }) => {
      const lengths = await scope.map(["a", "bb", "ccc"], async (item, scope) => {
        await sleep(10, scope);
        return item.length;
      }, { concurrency: 2 });
      say(lengths.join(" "));
    },
    says: ["1 2 3"],
    effect: (say) =>
      Effect.forEach(["a", "bb", "ccc"], (item) => Effect.sleep(10).pipe(Effect.as(item.length)), { concurrency: 2 }).pipe(Effect.map((lengths) => say(lengths.join(" ")))),
    "p-limit": async (say) => {
      const lengths = await pMap(["a", "bb", "ccc"], async (item) => {
        await delay(10);
        return item.length;
      }, { concurrency: 2 });
      say(lengths.join(" "));
    },
    kotlin: "flow.flatMapMerge(concurrency = 2) { … }",
    go: "for _, item := range items { group.Go(func() error { … }) }",
  },
  {
    title: "an item fails, and another one is under way",
    ours: async (scope, { say, work }) => {
      await scope.map([10, 20, 30], async (ms, scope) => {
        if (ms === 10) throw new RangeError("refused");
        await work(`${ms}`, ms, scope);
      }, { concurrency: 2 }).catch((error: unknown) => say((error as Error).message));
      await sleep(100, scope);
    },
    says: ["refused"],
    effect: (say) =>
      Effect.forEach([10, 20, 30], (ms) => (ms === 10 ? Effect.fail(new RangeError("refused")) : slow(say, `${ms}`, ms)), { concurrency: 2 }).pipe(
        Effect.catch((error) => Effect.sync(() => say(error.message))),
        Effect.andThen(Effect.sleep(100)),
      ),
    "p-limit": {
      code: async (say) => {
        const ended = gate();
        await pMap([10, 20, 30], async (ms) => {
          await delay(1);
          if (ms === 10) throw new RangeError("refused");
          await delay(ms);
          say(`${ms} is done`);
          ended.open();
        }, { concurrency: 2 }).catch((error: unknown) => say((error as Error).message));
        await ended.promise;
      },
      says: ["refused", "20 is done"],
    },
  },
  {
    title: "results of items while the work goes on",
    ours: async (scope, { say }) => {
      const lengths = mapStream(["a", "bb", "ccc"], async (item, scope) => {
        await sleep(10, scope);
        return item.length;
      }, { concurrency: 2 }, scope);
      for await (const length of lengths) say(length);
    },
    says: ["1", "2", "3"],
    "p-limit": async (say) => {
      const lengths = pMapIterable(["a", "bb", "ccc"], async (item) => {
        await delay(10);
        return item.length;
      }, { concurrency: 2 });
      for await (const length of lengths) say(length);
    },
    kotlin: "flow.map { … }.buffer()",
  },
];
