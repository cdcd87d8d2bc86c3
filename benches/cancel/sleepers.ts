/** Tasks that sleep for an hour, begun and cancelled in the words of each library. Each counts when it begins and when it ends. */
import { setTimeout as wait } from "node:timers/promises";
import { setMaxListeners } from "node:events";
import { sleep, taskGroup } from "../espalier.ts";

const hour = 3_600_000;

/** How a task tells that it has begun and that it has ended. */
export interface Count {
  begun(): void;
  ended(): void;
}

/** Begins so many tasks. Cancels them when it is told to, and settles when the caller is told that all is over. */
export interface Sleepers {
  cancel(): unknown;
  readonly over: Promise<unknown>;
}

export type Begin = (tasks: number, count: Count) => Sleepers | Promise<Sleepers>;

const times = <T>(tasks: number, make: (index: number) => T): T[] => Array.from({ length: tasks }, (_, index) => make(index));

async function counted(count: Count, work: () => Promise<unknown>): Promise<void> {
  count.begun();
  try {
    await work();
  } finally {
    count.ended();
  }
}

/** As many listeners as tasks are on it. */
function controllerOf(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

const settled = (promise: Promise<unknown>): Promise<void> => promise.then(
  () => {},
  () => {},
);

const espalier: Begin = (tasks, count) => {
  let cancel!: () => void;
  const over = taskGroup((group) => {
    for (let index = 0; index < tasks; index++) group.spawn((scope) => counted(count, () => sleep(hour, scope)));
    cancel = () => group.cancel();
  });
  return { cancel, over };
};

const byHand: Begin = (tasks, count) => {
  const controller = controllerOf();
  const { signal } = controller;
  // allSettled: whoever wants to know when the last one has ended must wait for all, also after the first error.
  const over = Promise.allSettled(times(tasks, () => counted(count, () => wait(hour, undefined, { signal }))));
  return { cancel: () => controller.abort(), over };
};

const promiseAll: Begin = (tasks, count) => {
  const controller = controllerOf();
  const { signal } = controller;
  const over = Promise.all(times(tasks, () => counted(count, () => wait(hour, undefined, { signal }))));
  return { cancel: () => controller.abort(), over: settled(over) };
};

const pMap: Begin = async (tasks, count) => {
  const { default: map } = await import("p-map");
  const controller = controllerOf();
  const { signal } = controller;
  const over = map(times(tasks, (index) => index), () => counted(count, () => wait(hour, undefined, { signal })), { signal });
  return { cancel: () => controller.abort(), over: settled(over) };
};

const abortControllerX: Begin = async (tasks, count) => {
  const { all, delay } = await import("abort-controller-x");
  const controller = controllerOf();
  const over = all(controller.signal, (signal) => {
    setMaxListeners(0, signal);
    return times(tasks, () => counted(count, () => delay(signal, hour)));
  });
  return { cancel: () => controller.abort(), over: settled(over) };
};

const effect: Begin = async (tasks, count) => {
  const { Effect, Fiber } = await import("effect");
  const one = () =>
    Effect.suspend(() => {
      count.begun();
      return Effect.ensuring(Effect.sleep(hour), Effect.sync(() => count.ended()));
    });
  const fiber = Effect.runFork(Effect.forEach(times(tasks, one), (task) => task, { concurrency: "unbounded", discard: true }));
  let tell!: () => void;
  const over = new Promise<void>((resolve) => (tell = resolve));
  return { cancel: () => Effect.runPromise(Fiber.interrupt(fiber)).then(tell), over };
};

const effection: Begin = async (tasks, count) => {
  const { all, run, sleep: pause } = await import("effection");
  function* one() {
    count.begun();
    try {
      yield* pause(hour);
    } finally {
      count.ended();
    }
  }
  const task = run(() => all(times(tasks, () => ({ [Symbol.iterator]: one }))));
  task.catch(() => {});
  let tell!: () => void;
  const over = new Promise<void>((resolve) => (tell = resolve));
  return { cancel: () => task.halt().then(tell), over };
};

export const sleepers = { espalier, "by hand": byHand, "Promise.all": promiseAll, "p-map": pMap, "abort-controller-x": abortControllerX, effect, effection } satisfies Readonly<Record<string, Begin>>;
