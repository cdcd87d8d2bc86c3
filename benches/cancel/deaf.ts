/**
 * Tasks that cannot be told: 1,000 that await something which knows no signal, for another 200 ms. When is the caller told that all is over,
 * and how many of them still run then?
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Line, quantity } from "../board.ts";
import { taskGroup } from "../espalier.ts";
import { type Measured, quick } from "../measure.ts";
import type { Row } from "../row.ts";
import type { Sample, Ways } from "../sample.ts";
import { type JavaScriptWay, linesOf, onRuntime } from "../systems.ts";

const tasks = quick ? 20 : 1_000;
const longer = quick ? 20 : 200;

interface Amount {
  readonly toldAfter: number;
  readonly running: number;
}

/** Begins the tasks, waits until they are under way, cancels; settles when the caller is told. */
type Cancel = (work: () => Promise<void>) => Promise<unknown>;

const sample =
  (cancel: Cancel): Sample<Amount> =>
  async () => {
    let under = 0;
    let last: Promise<unknown> = Promise.resolve();
    const work = async (): Promise<void> => {
      under++;
      const over = wait(longer);
      last = over;
      await over;
      under--;
    };
    const began = performance.now();
    await cancel(work);
    const amount = { toldAfter: performance.now() - began, running: under };
    // What was left behind must not run into the next sample.
    await last;
    await wait(5);
    return amount;
  };

const quietly = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => {});
const times = <T>(make: () => T): T[] => Array.from({ length: tasks }, make);

const cancels: Readonly<Record<string, Cancel>> = {
  "espalier": (work) =>
    taskGroup((group) => {
      for (let index = 0; index < tasks; index++) group.spawn(work);
      group.cancel();
    }),
  "espalier, wait": (work) =>
    taskGroup((group) => {
      for (let index = 0; index < tasks; index++) group.spawn((scope) => scope.wait(work()));
      group.cancel();
    }),
  "by hand": (work) => {
    const controller = new AbortController();
    const aborted = new Promise<never>((_, reject) => controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error)));
    const over = quietly(Promise.race([Promise.all(times(work)), aborted]));
    controller.abort();
    return over;
  },
  "p-map": async (work) => {
    const { default: map } = await import("p-map");
    const controller = new AbortController();
    const over = quietly(map(times(() => 0), work, { signal: controller.signal }));
    await wait(1);
    controller.abort();
    return over;
  },
  "abort-controller-x": async (work) => {
    const { all } = await import("abort-controller-x");
    const controller = new AbortController();
    const over = quietly(all(controller.signal, () => times(work)));
    controller.abort();
    return over;
  },
  "effect": async (work) => {
    const { Effect, Fiber } = await import("effect");
    const fiber = Effect.runFork(Effect.forEach(times(() => work), (one) => Effect.promise(one), { concurrency: "unbounded", discard: true }));
    await wait(1);
    return Effect.runPromise(Fiber.interrupt(fiber));
  },
  "effection": async (work) => {
    const { all, call, run } = await import("effection");
    const task = run(() => all(times(() => call(work))));
    task.catch(() => {});
    await wait(quick ? 5 : 100);
    return task.halt();
  },
};

export const ways: Ways<Amount> = Object.fromEntries(Object.entries(cancels).map(([name, cancel]) => [name, () => sample(cancel)]));

const named: readonly JavaScriptWay[] = [
  { way: "espalier", system: "espalier taskGroup", family: "espalier" },
  { way: "espalier, wait", system: "espalier taskGroup, scope.wait()", family: "espalier" },
  { way: "by hand", system: "Promise.race with a signal", family: "platform" },
  { way: "p-map", system: "p-map, signal", family: "package", maker: "p-map" },
  { way: "abort-controller-x", system: "abort-controller-x all", family: "package", maker: "abort-controller-x" },
  { way: "effect", system: "effect, Fiber.interrupt", family: "package", maker: "effect" },
  { way: "effection", system: "effection, halt()", family: "package", maker: "effection" },
];

const cellsOf = ({ amounts }: Measured<Amount>): Line["cells"] => ({
  running: quantity(amounts.map(({ running }) => running)),
  told: quantity(amounts.map(({ toldAfter }) => toldAfter)),
});

export const row: Row = {
  async measure() {
    const lines = await linesOf<Amount>(import.meta.url, onRuntime(named), cellsOf, { warmUps: 1, rounds: 9, fewest: 5, budget: 30_000 });
    return [
      {
        board: "Tasks that cannot be told",
        about: `${tasks.toLocaleString("en")} tasks are cancelled that each await something which takes another ${longer} ms and knows no signal.`,
        columns: [
          { key: "running", head: "still running when the caller is told" },
          { key: "told", head: "told after", unit: "ms" },
        ],
        lines,
        plot: { kind: "bars", column: "running", better: "less", label: "tasks that still run when the caller is told that all is over" },
        notes: [
          "Nobody can end them. Either the caller waits until they have ended, or it goes on while they run. With scope.wait() a task says itself that it waits no longer: what it waited for runs on, its function has ended.",
        ],
      },
    ];
  },
};
