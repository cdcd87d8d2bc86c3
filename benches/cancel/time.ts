/** From the cancellation until the last of 1,000 to 100,000 sleeping tasks has ended, and what is left then. */
import { type Board, type Curve, type Line, quantity } from "../board.ts";
import { fileOf } from "../child.ts";
import { type Measured, quick, type Entrant } from "../measure.ts";
import type { Row } from "../row.ts";
import { runtimes } from "../runtimes.ts";
import type { Ways } from "../sample.ts";
import { type JavaScriptWay, linesOf, onPython, onRuntime, type PythonWay, type System } from "../systems.ts";
import { type Amount, cancelling } from "./cancelling.ts";
import { type Begin, sleepers } from "./sleepers.ts";

export const ways: Ways<Amount> = Object.fromEntries(Object.entries<Begin>(sleepers).map(([name, begin]) => [name, () => cancelling(begin)]));

const counts: readonly number[] = quick ? [100] : [1_000, 10_000, 100_000];
/** What is left is shown of these. */
const shown = quick ? 100 : 10_000;

const named: readonly JavaScriptWay[] = [
  { way: "espalier", system: "espalier taskGroup, cancel()", family: "espalier" },
  { way: "by hand", system: "one AbortController, allSettled", family: "platform" },
  { way: "Promise.all", system: "one AbortController, Promise.all", family: "platform" },
  { way: "p-map", system: "p-map, signal", family: "package", maker: "p-map" },
  { way: "abort-controller-x", system: "abort-controller-x all", family: "package", maker: "abort-controller-x" },
  { way: "effect", system: "effect, Fiber.interrupt", family: "package", maker: "effect" },
  { way: "effection", system: "effection, halt()", family: "package", maker: "effection" },
];

const inPython: readonly PythonWay[] = [
  { way: "gather", system: "asyncio.gather, cancel()" },
  { way: "TaskGroup", system: "asyncio.TaskGroup, cancelled from outside" },
  { way: "trio", system: "trio nursery, cancel_scope.cancel()", packages: ["trio"] },
  { way: "anyio", system: "anyio on asyncio, cancel_scope.cancel()", packages: ["anyio"] },
];

const program = fileOf("cancel.py", import.meta.url);

const slow = "more than 10,000 take it minutes";

/** Those whose beginning alone takes minutes: of effection, and of as many listeners on one signal, each of which goes through all before it. */
const isTooMany = (way: string, count: number): boolean => count > 10_000 && !["espalier", "effect"].includes(way) && way in sleepers;

function systems(): System[] {
  const elsewhere = runtimes().slice(1);
  return [...onRuntime(named), ...elsewhere.flatMap((runtime) => onRuntime(named.slice(0, 2), runtime)), ...onPython(program, inPython)];
}

const told = (count: number) => (system: System): System => {
  const { entrant } = system;
  if ("missing" in entrant) return system;
  return isTooMany(entrant.way!, count) ? { ...system, entrant: { missing: slow } } : { ...system, entrant: { ...entrant, about: count } satisfies Entrant };
};

const cellsOf = ({ amounts }: Measured<Amount>): Line["cells"] => ({
  micros: quantity(amounts.map(({ micros }) => micros)),
  running: quantity(amounts.map(({ running }) => running)),
  ...(amounts[0]?.timers === undefined ? {} : { timers: quantity(amounts.map(({ timers }) => timers!)) }),
  bytes: quantity(amounts.map(({ bytes }) => bytes)),
});

export const row: Row = {
  parts: counts.length,
  async measure() {
    const all = systems();
    const byCount: (readonly [number, Line[]])[] = [];
    for (const count of counts) {
      byCount.push([count, await linesOf<Amount>(import.meta.url, all.map(told(count)), cellsOf, { warmUps: 2, rounds: 11, fewest: 5, budget: 60_000 })]);
    }
    const [, left] = byCount.find(([count]) => count === shown)!;
    return [timeBoard(all, byCount), leftBoard(left)];
  },
};

function timeBoard(all: readonly System[], byCount: readonly (readonly [number, Line[]])[]): Board {
  const lines = all.map(({ system, family, on, entrant }, place): Line => {
    const cells = byCount.flatMap(([count, lines]) => {
      const cell = lines[place]!.cells["micros"];
      return cell === undefined ? [] : [[`${count}`, cell] as const];
    });
    const missing = cells.length > 0 ? undefined : "missing" in entrant ? entrant.missing : byCount[0]![1][place]!.missing;
    return { system, family, on, cells: Object.fromEntries(cells), missing };
  });
  return {
    board: "From the cancellation to the end of the last task",
    about: "Tasks that sleep for an hour are cancelled at once; each has a finally, and is counted when it has run.",
    columns: counts.map((count) => ({ key: `${count}`, head: `${count.toLocaleString("en")} tasks`, unit: "µs each" })),
    lines,
    plot: { kind: "curves", x: { label: "tasks", log: true }, y: { label: "µs for each task", log: true }, curves: lines.filter(({ missing }) => missing === undefined).map(curveOf) },
    notes: [
      "Where there is one AbortController for all, and with effection, 100,000 are not measured: it takes minutes until they have begun. Node.js and others keep the listeners of a signal in a list that every new one goes through.",
    ],
  };
}

function curveOf({ system, family, on = "", cells }: Line): Curve {
  const points = counts.flatMap((count) => {
    const cell = cells[`${count}`];
    return cell === undefined || typeof cell === "string" ? [] : [{ x: count, y: cell.value, low: cell.low, high: cell.high }];
  });
  const runtime = /^(?:Bun|Deno)/.exec(on);
  return { name: `${system.replace(/,.*/, "")}${runtime === null ? "" : `, ${runtime[0]}`}${system.endsWith("Promise.all") ? ", Promise.all" : ""}`, family, points };
}

function leftBoard(lines: readonly Line[]): Board {
  return {
    board: "What is left when the caller is told",
    about: `Of ${shown.toLocaleString("en")} sleeping tasks that were cancelled: how many have not ended when the caller hears that all is over; timers that are still armed; what stays on the heap after a collection.`,
    columns: [
      { key: "running", head: "still running" },
      { key: "timers", head: "timers left" },
      { key: "bytes", head: "kept for each task", unit: "bytes" },
    ],
    lines,
    notes: ["Everybody listens here, and all of them in the same turn. What becomes of those who do not is the next table."],
  };
}
