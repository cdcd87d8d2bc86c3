/** What a signal for each task costs, by the platform and by a scope: 10,000 tasks that each read theirs. */
import { taskGroup } from "../espalier.ts";
import { quantity } from "../board.ts";
import { quick } from "../measure.ts";
import type { Row } from "../row.ts";
import { olderNodes, runtimes } from "../runtimes.ts";
import { timed, type Ways } from "../sample.ts";
import { type JavaScriptWay, linesOf, onRuntime } from "../systems.ts";
import { items } from "./spawn.ts";

const work = Array.from({ length: items }, () => async (signal?: AbortSignal): Promise<boolean> => {
  await null;
  return signal?.aborted ?? false;
});

const outer = new AbortController().signal;

export const ways: Ways = {
  "none": () => timed(items, () => Promise.all(work.map((fn) => fn()))),
  "scope": () =>
    timed(items, () =>
      taskGroup((group) => {
        for (const fn of work) group.spawn((scope) => fn(scope.signal));
      }),
    ),
  "controller": () => timed(items, () => Promise.all(work.map((fn) => fn(new AbortController().signal)))),
  "any": () => timed(items, () => Promise.all(work.map((fn) => fn(AbortSignal.any([outer, new AbortController().signal]))))),
};

const named: readonly JavaScriptWay[] = [
  { way: "none", system: "Promise.all, no signal", family: "platform" },
  { way: "scope", system: "espalier taskGroup, scope.signal", family: "espalier" },
  { way: "controller", system: "Promise.all, an AbortController each", family: "platform" },
  { way: "any", system: "Promise.all, AbortSignal.any each", family: "platform" },
];

export const row: Row = {
  async measure() {
    const systems = [...runtimes(), ...(quick ? [] : olderNodes())].flatMap((runtime) => onRuntime(named, runtime));
    const lines = await linesOf<number>(import.meta.url, systems, ({ amounts }) => ({ amount: quantity(amounts) }), { warmUps: 4, rounds: 21, fewest: 9, budget: 40_000 });
    return [
      {
        board: "A task with a signal",
        about: "The same with one await each, where each task reads a signal of its own: none, its scope's, a bare controller's, and one that follows an outer signal.",
        columns: [{ key: "amount", head: "a task", unit: "µs" }],
        lines,
        plot: { kind: "bars", column: "amount", better: "less", log: true, label: "µs for each task" },
        notes: ["Only the scope's signal and AbortSignal.any follow what is around them; a bare controller has to be told by hand."],
      },
    ];
  },
};
