/** Bytes of a task that waits, of 1,000 to 1,000,000: by the heap, and by what the system sees of the process. */
import { type Curve, type Line, quantity } from "../board.ts";
import { fileOf } from "../child.ts";
import { type Measured, quick } from "../measure.ts";
import type { Row } from "../row.ts";
import { runtimes } from "../runtimes.ts";
import { collectAll, type Sample, type Ways } from "../sample.ts";
import { type JavaScriptWay, linesOf, onPython, onRuntime, type PythonWay, type System } from "../systems.ts";
import type { Runtime } from "../way.ts";
import { type Begin, waiters } from "./waiters.ts";

interface Amount {
  /** Bytes of each: by the heap; and by the pages of the process. */
  readonly heap: number;
  readonly resident: number;
}

async function heap(): Promise<number> {
  // Twice: what the first one finds dead may have kept something else.
  collectAll();
  collectAll();
  if (process.versions["bun"] !== undefined) {
    const bun = "bun:jsc";
    const { heapStats } = (await import(bun)) as { heapStats(): { readonly heapSize: number; readonly extraMemorySize: number } };
    const { heapSize, extraMemorySize } = heapStats();
    return heapSize + extraMemorySize;
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const sample =
  (begin: Begin): Sample<Amount> =>
  async (about) => {
    const tasks = about as number;
    // What a library makes once is not a task's.
    await (await begin(100))();
    const before = await heap();
    const resident = process.memoryUsage.rss();
    kept = await begin(tasks);
    return { heap: ((await heap()) - before) / tasks, resident: Math.max(0, process.memoryUsage.rss() - resident) / tasks };
  };

/** The process goes with it: ending a million would take some longer than all the rest. */
let kept: unknown;
void kept;

export const ways: Ways<Amount> = Object.fromEntries(Object.entries<Begin>(waiters).map(([name, begin]) => [name, () => sample(begin)]));

const counts: readonly number[] = quick ? [100] : [1_000, 10_000, 100_000, 1_000_000];
/** The system counts in pages: what it sees of few tasks says nothing. */
const resident = quick ? 100 : 100_000;

const ours: readonly JavaScriptWay[] = [
  { way: "espalier", system: "espalier task, sleep()", family: "espalier" },
  { way: "promise", system: "promise with setTimeout", family: "platform" },
];
const named: readonly JavaScriptWay[] = [
  ...ours,
  { way: "espalier, async", system: "espalier task, async function", family: "espalier" },
  { way: "async", system: "async function, setTimeout", family: "platform" },
  { way: "signal", system: "async function, setTimeout with a signal", family: "platform" },
  { way: "effect", system: "effect fiber, sleep", family: "package", maker: "effect" },
  { way: "effection", system: "effection operation, sleep", family: "package", maker: "effection" },
];

const inPython: readonly PythonWay[] = [
  { way: "asyncio", system: "asyncio.TaskGroup, sleep" },
  { way: "trio", system: "trio nursery, sleep", packages: ["trio"] },
  { way: "anyio", system: "anyio on asyncio, sleep", packages: ["anyio"] },
];

const program = fileOf("memory.py", import.meta.url);

/** A million takes some of them more than the four gigabytes that V8 allows itself. */
const withRoom = ({ name, command, args, ...rest }: Runtime): Runtime => ({ name, command, args: name.startsWith("Node.js") ? [...args, "--max-old-space-size=16384"] : args, ...rest });

function systems(): System[] {
  const [nodeJs, ...elsewhere] = runtimes();
  const inJavaScript = [...onRuntime(named, nodeJs), ...elsewhere.flatMap((runtime) => onRuntime(ours, runtime))];
  return [...inJavaScript, ...onPython(program, inPython)].map((one) => {
    if ("missing" in one.entrant || one.entrant.runtime === undefined) return one;
    return { ...one, entrant: { ...one.entrant, runtime: withRoom(one.entrant.runtime) } };
  });
}

const told = (count: number) => (system: System): System => {
  const { entrant } = system;
  if ("missing" in entrant) return system;
  const isTooMany = ["signal", "effection"].includes(entrant.way!) && count > 10_000;
  return isTooMany ? { ...system, entrant: { missing: "more than 10,000 take it minutes" } } : { ...system, entrant: { ...entrant, about: count } };
};

export const row: Row = {
  parts: counts.length,
  async measure() {
    const all = systems();
    const byCount: (readonly [number, Line[]])[] = [];
    for (const count of counts) {
      const cellsOf = ({ amounts }: Measured<Amount>): Line["cells"] => ({
        heap: quantity(amounts.map((amount) => amount.heap)),
        resident: quantity(amounts.map((amount) => amount.resident)),
      });
      byCount.push([count, await linesOf<Amount>(import.meta.url, all.map(told(count)), cellsOf, { warmUps: 0, rounds: 3, fewest: 3, budget: 120_000, fresh: true })]);
    }
    const lines = all.map((system, place) => lineOf(system, byCount.map(([count, lines]) => [count, lines[place]!])));
    return [
      {
        board: "Bytes of a waiting task",
        about: "Tasks that sleep for an hour, begun together and kept, with their handle or promise. By the heap after a collection, each number in a process of its own.",
        columns: [...counts.map((count) => ({ key: `${count}`, head: count.toLocaleString("en"), unit: "bytes" })), { key: "resident", head: `pages of the process, ${resident.toLocaleString("en")}`, unit: "bytes" }],
        lines,
        plot: { kind: "curves", x: { label: "tasks", log: true }, y: { label: "bytes on the heap for each task", log: true }, curves: lines.filter(({ missing }) => missing === undefined).map(curveOf) },
        notes: [
          "In Python by tracemalloc. Timers of the platform have a part outside of V8's heap, which the pages show.",
          "As many listeners on one signal, and effection, are not asked for more than 10,000: it takes minutes until they have begun.",
        ],
      },
    ];
  },
};

function lineOf({ system, family, on, entrant }: System, byCount: readonly (readonly [number, Line])[]): Line {
  const heaps = byCount.flatMap(([count, { cells }]) => (cells["heap"] === undefined ? [] : [[`${count}`, cells["heap"]] as const]));
  const pages = byCount.find(([count]) => count === resident)?.[1].cells["resident"];
  const missing = heaps.length > 0 ? undefined : "missing" in entrant ? entrant.missing : byCount[0]![1].missing;
  return { system, family, on, cells: { ...Object.fromEntries(heaps), ...(pages === undefined ? {} : { resident: pages }) }, missing };
}

function curveOf({ system, family, on = "", cells }: Line): Curve {
  const points = counts.flatMap((count) => {
    const cell = cells[`${count}`];
    return cell === undefined || typeof cell === "string" ? [] : [{ x: count, y: cell.value, low: cell.low, high: cell.high }];
  });
  const runtime = /^(?:Bun|Deno)/.exec(on);
  return { name: runtime === null ? system : `${system}, ${runtime[0]}`, family, points };
}
