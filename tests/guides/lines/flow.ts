/** Again after a failure, once for many, generators that hold things. */
import { Effect, Schedule } from "effect";
import { type Scope, sleep } from "espalier";
import { circuitBreaker, exponential, hedge, retry, safeIterate, singleFlight } from "espalier/flow";
import pRetry, { AbortError } from "p-retry";
import type { Line } from "../line.ts";

export const flow: readonly Line[] = [
  {
    title: "again after a failure, with pauses",
    ours: async (scope, { say }) => {
      let calls = 0;
      const flaky = async (): Promise<string> => {
        if (++calls < 3) throw new RangeError("refused");
        return `after ${calls} calls`;
      };
      say(await retry(flaky, exponential(5).attempts(5), scope));
    },
    says: ["after 3 calls"],
    effect: (say) => {
      let calls = 0;
      const flaky = Effect.suspend(() => (++calls < 3 ? Effect.fail(new RangeError("refused")) : Effect.succeed(`after ${calls} calls`)));
      return flaky.pipe(Effect.retry({ schedule: Schedule.exponential(5), times: 4 }), Effect.map(say));
    },
    "p-limit": async (say) => {
      let calls = 0;
      const flaky = async (): Promise<string> => {
        if (++calls < 3) throw new RangeError("refused");
        return `after ${calls} calls`;
      };
      say(await pRetry(flaky, { retries: 4, minTimeout: 5 }));
    },
    kotlin: "flow.retryWhen { cause, attempt -> … }",
  },
  {
    title: "some failures are final",
    ours: async (scope, { say }) => {
      const final = async (): Promise<never> => {
        say("called");
        throw new TypeError("no such page");
      };
      const patient = exponential(5).attempts(5).when((error) => !(error instanceof TypeError));
      await retry(final, patient, scope).catch((error: unknown) => say((error as Error).message));
    },
    says: ["called", "no such page"],
    effect: (say) => {
      const final = Effect.suspend(() => (say("called"), Effect.fail(new TypeError("no such page"))));
      const patient = { schedule: Schedule.exponential(5), while: (error: unknown) => !(error instanceof TypeError) };
      return final.pipe(Effect.retry(patient), Effect.catch((error) => Effect.sync(() => say(error.message))));
    },
    "p-limit": async (say) => {
      const final = async (): Promise<never> => {
        say("called");
        throw new AbortError("no such page");
      };
      await pRetry(final, { retries: 4, minTimeout: 5 }).catch((error: unknown) => say((error as Error).message));
    },
  },
  {
    title: "a failure is told before the pause",
    ours: async (scope, { say }) => {
      const told = exponential(5).attempts(2).onRetry(({ attempt, error }) => say(`attempt ${attempt}: ${(error as Error).message}`));
      await retry(() => Promise.reject(new RangeError("refused")), told, scope).catch(() => say("gave up"));
    },
    says: ["attempt 1: refused", "gave up"],
    "p-limit": {
      code: async (say) => {
        const refused = (): Promise<never> => Promise.reject(new RangeError("refused"));
        const told = { retries: 1, minTimeout: 5, onFailedAttempt: ({ attemptNumber, error }: { attemptNumber: number; error: Error }) => say(`attempt ${attemptNumber}: ${error.message}`) };
        await pRetry(refused, told).catch(() => say("gave up"));
      },
      says: ["attempt 1: refused", "attempt 2: refused", "gave up"],
    },
  },
  {
    title: "once for all who ask at the same time",
    ours: async (scope, { say }) => {
      const load = singleFlight(async (id: string, scope: Scope) => {
        say(`loads ${id}`);
        await sleep(10, scope);
        return id;
      });
      await scope.all([(scope) => load("7", scope), (scope) => load("7", scope)]);
    },
    says: ["loads 7"],
    go: "group.Do(key, fn)",
  },
  {
    title: "a second attempt beside a slow one",
    ours: async (scope, { say }) => {
      const ask = (name: string, ms: number) => async (scope: Scope): Promise<string> => {
        await sleep(ms, scope);
        return name;
      };
      say(await hedge([ask("north", 60_000), ask("south", 5)], { delay: 20 }, scope));
    },
    says: ["south"],
  },
  {
    title: "leaving alone what is down",
    ours: async (scope, { say }) => {
      const billing = circuitBreaker({ failures: 1, reset: 30_000 });
      for (let call = 0; call < 2; call++) await billing.run(() => Promise.reject(new RangeError("refused")), scope).catch((error: unknown) => say((error as Error).name));
    },
    says: ["RangeError", "CircuitOpenError"],
  },
  {
    title: "a generator that holds something is closed before one goes on",
    ours: async (scope, { say }) => {
      async function* rows(scope: Scope): AsyncGenerator<number> {
        try {
          for (let row = 1; ; row++) {
            await sleep(1, scope);
            yield row;
          }
        } finally {
          say("closed");
        }
      }
      await safeIterate(rows, async (values) => {
        for await (const row of values) if (row === 2) break;
      }, scope);
      say("goes on");
    },
    says: ["closed", "goes on"],
    asyncio: `
      from contextlib import aclosing
      async def rows():
          try:
              row = 1
              while True:
                  await asyncio.sleep(0.001)
                  yield row
                  row += 1
          finally:
              say("closed")
      async with aclosing(rows()) as values:
          async for row in values:
              if row == 2:
                  break
      say("goes on")`,
    trio: `
      from contextlib import aclosing
      async def rows():
          try:
              row = 1
              while True:
                  await trio.sleep(0.001)
                  yield row
                  row += 1
          finally:
              say("closed")
      async with aclosing(rows()) as values:
          async for row in values:
              if row == 2:
                  break
      say("goes on")`,
    anyio: `
      from contextlib import aclosing
      async def rows():
          try:
              row = 1
              while True:
                  await anyio.sleep(0.001)
                  yield row
                  row += 1
          finally:
              say("closed")
      async with aclosing(rows()) as values:
          async for row in values:
              if row == 2:
                  break
      say("goes on")`,
    kotlin: "flow { … }.take(2)",
  },
];
