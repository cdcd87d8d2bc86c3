/** Tasks that sleep for an hour, in the words of each library: begun together, kept, and ended when that is asked for. */
import { setTimeout as wait } from "node:timers/promises";
import { setMaxListeners } from "node:events";
import { sleep, taskGroup } from "../espalier.ts";
import type { Scope } from "../../src/index.ts";

const hour = 3_600_000;

export type Begin = (tasks: number) => (() => unknown) | Promise<() => unknown>;

/** Keeps what was begun: the handle of a task, else its promise. */
const keep = (tasks: number, begin: (index: number) => unknown): unknown[] => {
  const kept: unknown[] = Array.from({ length: tasks });
  for (let index = 0; index < tasks; index++) kept[index] = begin(index);
  return kept;
};

const inGroup =
  (work: (scope: Scope) => Promise<void>): Begin =>
  async (tasks) => {
    const { promise, resolve } = deferred<() => unknown>();
    const over = taskGroup((group) => {
      const kept = keep(tasks, () => group.spawn(work));
      resolve(() => {
        kept.length = 0;
        group.cancel();
        return over;
      });
    });
    return await promise;
  };

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** The least that can sleep. */
const bare =
  (work: (timer: () => Promise<void>) => Promise<void>): Begin =>
  (tasks) => {
    const timers: ReturnType<typeof setTimeout>[] = Array.from({ length: tasks });
    const kept = keep(tasks, (index) => work(() => new Promise((resolve) => (timers[index] = setTimeout(resolve, hour)))));
    return () => {
      kept.length = 0;
      for (const timer of timers) clearTimeout(timer);
    };
  };

const withSignal: Begin = (tasks) => {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const { signal } = controller;
  const one = async (): Promise<void> => {
    try {
      await wait(hour, undefined, { signal });
    } catch {
      // cancelled, which is its end
    }
  };
  const kept = keep(tasks, one);
  return () => {
    kept.length = 0;
    controller.abort();
  };
};

const effect: Begin = async (tasks) => {
  const { Effect, Fiber } = await import("effect");
  const kept = keep(tasks, () => Effect.runFork(Effect.sleep(hour))) as ReturnType<typeof Effect.runFork>[];
  return () => Effect.runPromise(Fiber.interruptAll(kept.splice(0)));
};

const effection: Begin = async (tasks) => {
  const { run, sleep: pause, spawn, suspend } = await import("effection");
  const { promise, resolve } = deferred<void>();
  const root = run(function* () {
    const kept = [];
    for (let index = 0; index < tasks; index++) kept.push(yield* spawn(() => pause(hour)));
    resolve();
    yield* suspend();
  });
  root.catch(() => {});
  await promise;
  return () => root.halt();
};

export const waiters = {
  "espalier": inGroup((scope) => sleep(hour, scope)),
  "espalier, async": inGroup(async (scope) => await sleep(hour, scope)),
  "promise": bare((timer) => timer()),
  "async": bare(async (timer) => await timer()),
  "signal": withSignal,
  effect,
  effection,
} satisfies Readonly<Record<string, Begin>>;
