/** What p-limit, p-queue and p-map have beyond a list and a limit. */
import pLimit from "p-limit";
import pMap, { pMapSkip } from "p-map";
import PQueue from "p-queue";
import { type Scope, sleep, sleepForever } from "espalier";
import { RateLimiter, Semaphore } from "espalier/sync";
import type { Line } from "../line.ts";
import { delay, gate } from "./delay.ts";

export const promises: readonly Line[] = [
  {
    title: "a limit for calls that are made one by one",
    ours: (scope, { work }) =>
      scope.group(
        async (group) => {
          const task = group.spawn((scope) => work("a", 10, scope));
          group.spawn((scope) => work("b", 10, scope));
          await task.join(group);
        },
        { concurrency: 1 },
      ),
    says: ["a is done", "b is done"],
    "p-limit": async (say) => {
      const limit = pLimit(1);
      const work = async (name: string): Promise<void> => {
        await delay(10);
        say(`${name} is done`);
      };
      const a = limit(() => work("a"));
      await Promise.all([a, limit(() => work("b"))]);
    },
  },
  {
    title: "one limit for several groups",
    ours: async (_scope, { say, work }) => {
      const limit = new Semaphore(1);
      await _scope.all(["a", "b"].map((name) => (scope: Scope) => limit.use(() => work(name, 10, scope), scope)));
      say(`${limit.available} free`);
    },
    says: ["a is done", "b is done", "1 free"],
    "p-limit": async (say) => {
      const limit = pLimit(1);
      await limit.map(["a", "b"], async (name) => {
        await delay(10);
        say(`${name} is done`);
      });
      await delay(0);
      say(`${limit.concurrency - limit.activeCount} free`);
    },
  },
  {
    title: "one of the calls fails, and others wait",
    ours: async (scope, { say }) => {
      const outcome = scope.group(
        (group) => {
          group.spawn(async (scope) => {
            await sleep(5, scope);
            throw new RangeError("refused");
          });
          group.spawn(() => say("called all the same"));
        },
        { concurrency: 1 },
      );
      await outcome.catch(() => say("refused"));
    },
    says: ["refused"],
    "p-limit": {
      code: async (say) => {
        const limit = pLimit(1);
        const refused = limit(async () => {
          await delay(5);
          throw new RangeError("refused");
        });
        const other = limit(() => say("called all the same"));
        await Promise.all([refused, other]).catch(() => say("refused"));
        await other;
      },
      says: ["called all the same", "refused"],
    },
  },
  {
    title: "those that wait are dropped",
    ours: (scope, { say }) =>
      scope.group(
        async (group) => {
          const running = group.spawn(async (scope) => {
            await sleepForever(scope);
          });
          const waiting = group.spawn(() => say("called"));
          group.cancel();
          say((await running.settled()).status);
          say((await waiting.settled()).status);
        },
        { concurrency: 1 },
      ),
    says: ["cancelled", "cancelled"],
    "p-limit": {
      code: async (say) => {
        const limit = pLimit({ concurrency: 1, rejectOnClear: true });
        const { promise, open } = gate();
        const running = limit(() => promise.then(() => say("runs to its end")));
        const waiting = limit(() => say("called"));
        limit.clearQueue();
        open();
        await waiting.catch((error: unknown) => say((error as Error).name));
        await running;
      },
      says: ["AbortError", "runs to its end"],
    },
  },
  {
    title: "items whose result is left out",
    ours: async (scope, { say }) => {
      const skip = Symbol("skip");
      const odd = await scope.map([1, 2, 3], async (n) => (n % 2 === 0 ? skip : n));
      say(odd.filter((n) => n !== skip).join(" "));
    },
    says: ["1 3"],
    "p-limit": async (say) => {
      const odd = await pMap([1, 2, 3], async (n) => (n % 2 === 0 ? pMapSkip : n));
      say(odd.join(" "));
    },
  },
  {
    title: "all items, although some fail",
    ours: async (scope, { say }) => {
      const failures: unknown[] = [];
      await scope.group(
        (group) => {
          for (const n of [1, 2, 3]) {
            group.spawn(async () => {
              if (n < 3) throw new RangeError(`refused ${n}`);
            });
          }
        },
        { concurrency: 2, onError: (error) => void failures.push(error) },
      );
      say(`${failures.length} failed`);
    },
    says: ["2 failed"],
    "p-limit": async (say) => {
      const refuse = async (n: number): Promise<void> => {
        if (n < 3) throw new RangeError(`refused ${n}`);
      };
      await pMap([1, 2, 3], refuse, { concurrency: 2, stopOnError: false }).catch((error: unknown) => say(`${(error as AggregateError).errors.length} failed`));
    },
  },
  {
    title: "a signal from outside ends it",
    ours: async (scope, { say }) => {
      const user = new AbortController();
      const request = { signal: user.signal };
      await scope.failAfter(1_000, async () => {
        user.abort(new RangeError("enough"));
        await sleep(5, request);
      }).catch((error: unknown) => say(((error as Error).cause as Error).message));
    },
    says: ["enough"],
    "p-limit": async (say) => {
      const user = new AbortController();
      const { signal } = user;
      const mapped = pMap([1, 2], () => delay(5), { concurrency: 1, signal });
      user.abort(new RangeError("enough"));
      await mapped.catch((error: unknown) => say((error as Error).message));
    },
  },
  {
    title: "a queue that is added to, until all is done",
    ours: async (scope, { say, work }) => {
      await scope.group(
        (group) => {
          group.spawn((scope) => work("a", 10, scope));
          group.spawn((scope) => work("b", 10, scope));
        },
        { concurrency: 1 },
      );
      say("idle");
    },
    says: ["a is done", "b is done", "idle"],
    "p-limit": async (say) => {
      const queue = new PQueue({ concurrency: 1 });
      const work = async (name: string): Promise<void> => {
        await delay(10);
        say(`${name} is done`);
      };
      void queue.add(() => work("a"));
      void queue.add(() => work("b"));
      await queue.onIdle();
      say("idle");
    },
  },
  {
    title: "who adds waits until there is room",
    ours: (scope, { say, work }) =>
      scope.group(
        async (group) => {
          for (const name of ["a", "b"]) {
            await group.vacancy(group);
            say(`${name} is added`);
            group.spawn((scope) => work(name, 10, scope));
          }
        },
        { concurrency: 1 },
      ),
    says: ["a is added", "a is done", "b is added", "b is done"],
    "p-limit": {
      code: async (say) => {
        const queue = new PQueue({ concurrency: 1 });
        for (const name of ["a", "b", "c"]) {
          await queue.onSizeLessThan(1);
          say(`${name} is added`);
          void queue.add(async () => {
            await delay(10);
            say(`${name} is done`);
          });
        }
        await queue.onIdle();
      },
      says: ["a is added", "b is added", "a is done", "c is added", "b is done", "c is done"],
    },
  },
  {
    title: "a time limit for each call",
    ours: async (scope, { say }) => {
      const patient = scope.map([10, 90], (ms, scope) => scope.failAfter(50, (scope) => sleep(ms, scope)), { concurrency: 2 });
      await patient.catch((error: unknown) => say((error as Error).name));
    },
    says: ["TimeoutError"],
    "p-limit": async (say) => {
      const queue = new PQueue({ concurrency: 2, timeout: 20 });
      await Promise.all([10, 60].map((ms) => queue.add(() => delay(ms)))).catch((error: unknown) => say((error as Error).name));
      await queue.onIdle();
    },
  },
  {
    title: "a few in each interval",
    ours: async (scope, { say }) => {
      const rate = new RateLimiter({ tokens: 2, interval: 30 });
      for (const name of ["a", "b", "c"]) {
        await rate.acquire(scope);
        say(name);
      }
    },
    says: ["a", "b", "c"],
    "p-limit": async (say) => {
      const queue = new PQueue({ intervalCap: 2, interval: 30 });
      await queue.addAll(["a", "b", "c"].map((name) => () => say(name)));
    },
  },
  {
    title: "what matters more goes first",
    says: ["first", "important", "other"],
    "p-limit": async (say) => {
      const queue = new PQueue({ concurrency: 1 });
      void queue.add(async () => {
        await delay(1);
        say("first");
      });
      void queue.add(() => say("other"));
      void queue.add(() => say("important"), { priority: 1 });
      await queue.onIdle();
    },
  },
  {
    title: "a queue that stands still",
    says: ["added", "called"],
    "p-limit": async (say) => {
      const queue = new PQueue({ concurrency: 1, autoStart: false });
      void queue.add(() => say("called"));
      say("added");
      queue.start();
      await queue.onIdle();
    },
  },
];
