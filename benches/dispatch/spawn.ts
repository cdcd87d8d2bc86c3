/** The rows of this suite: the same functions started together and waited for, by each system, on each runtime. */
import { all } from "../espalier.ts";
import { functions, inGroup, withPromiseAll, type Work } from "../core/workload.ts";
import { type Board, type Line, quantity } from "../board.ts";
import { fileOf } from "../child.ts";
import { quick } from "../measure.ts";
import type { Row } from "../row.ts";
import { olderNodes, runtimes } from "../runtimes.ts";
import { type Sample, timed, type Ways } from "../sample.ts";
import { type JavaScriptWay, linesOf, onPython, onRuntime, type PythonWay } from "../systems.ts";

export const items: number = quick ? 200 : 10_000;
/** Of those that need a hundred times as long. */
const few = items / 10;

const named: readonly JavaScriptWay[] = [
  { way: "taskGroup", system: "espalier taskGroup", family: "espalier" },
  { way: "all", system: "espalier all", family: "espalier" },
  { way: "Promise.all", system: "Promise.all", family: "platform" },
  { way: "effect", system: "effect forEach", family: "package", maker: "effect" },
  { way: "effection", system: "effection all", family: "package", maker: "effection" },
];

export function waysOf(make: (index: number) => Work): Ways {
  const work = functions(items, make);
  return {
    "taskGroup": () => timed(items, () => inGroup(work)),
    "all": () => timed(items, () => all(work)),
    "Promise.all": () => timed(items, () => withPromiseAll(work)),
    "effect": () => withEffect(work),
    "effection": () => withEffection(work.slice(0, few)),
  };
}

/** In its cheapest form: no AbortController, no error channel, no results. */
async function withEffect(work: readonly Work[]): Promise<Sample> {
  const { Effect } = await import("effect");
  return timed(work.length, () => Effect.runPromise(Effect.forEach(work, (fn) => Effect.promise(fn), { concurrency: "unbounded", discard: true })));
}

async function withEffection(work: readonly Work[]): Promise<Sample> {
  const { all: allOf, call, run } = await import("effection");
  return timed(work.length, () => run(() => allOf(work.map((fn) => call(fn)))));
}

const program = fileOf("dispatch.py", import.meta.url);

/** The ways of `dispatch.py` that the row of this name has. */
const inPython = (row: string): PythonWay[] =>
  (
    [
      { way: "gather", system: "asyncio.gather" },
      { way: "TaskGroup", system: "asyncio.TaskGroup" },
      { way: "eager", system: "asyncio.TaskGroup, eager tasks", since: [3, 12] },
      { way: "uvloop", system: "asyncio.TaskGroup on uvloop", packages: ["uvloop"] },
      { way: "trio", system: "trio nursery", packages: ["trio"] },
      { way: "anyio", system: "anyio on asyncio", packages: ["anyio"] },
      { way: "anyio-trio", system: "anyio on trio", packages: ["anyio", "trio"] },
    ] satisfies PythonWay[]
  ).map((way) => ({ ...way, way: `${row}: ${way.way}`, about: items }));

export function rowOf(module: string, row: string, about: Pick<Board, "board" | "about" | "notes">, beside: readonly Line[] = []): Row {
  return {
    async measure() {
      const everywhere = [...runtimes(), ...(quick ? [] : olderNodes())];
      const systems = [...everywhere.flatMap((runtime) => onRuntime(named, runtime)), ...onPython(program, inPython(row))];
      const lines = await linesOf<number>(module, systems, ({ amounts }) => ({ amount: quantity(amounts) }), { warmUps: 4, rounds: 21, fewest: 9, budget: 75_000 });
      const columns = [{ key: "amount", head: "a task", unit: "µs" }];
      return [{ ...about, columns, lines: [...lines, ...beside], plot: { kind: "bars", column: "amount", better: "less", log: true, label: "µs for each task" } }];
    },
  };
}
