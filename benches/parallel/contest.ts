/** The rows of this suite: one piece of work, cut into calls, by all pools with one worker, two, four, … as many as there are cores. */
import { availableParallelism } from "node:os";
import process from "node:process";
import { type Board, type Column, type Line, quantity } from "../board.ts";
import { fileOf } from "../child.ts";
import { type Measured, quick } from "../measure.ts";
import type { Row } from "../row.ts";
import type { Sample, Ways } from "../sample.ts";
import { linesOf, onPython, onRuntime, type PythonWay, type System } from "../systems.ts";
import { modelBoard } from "./model-board.ts";
import { type Pool, type PoolKind, type PoolName, pools } from "./pools.ts";

/** Of one piece of work, in ms: until it was done, and the processor time of who called; and how often it was done in a sample. */
export interface Amount {
  readonly ms: number;
  readonly caller?: number;
  readonly times: number;
}

export interface Piece {
  readonly name: string;
  readonly board: Pick<Board, "board" | "about">;
  /** How much of it there is, in JavaScript and in Python, and in what it is counted: so many in a second. */
  readonly amount: { readonly javaScript: number; readonly python: number; readonly unit: string };
  /** Does it once by a pool, whose workers share this program's memory or do not. Looks at what comes of it the first time. */
  prepare(pool: Pool, shares: boolean, workers: number): Promise<() => Promise<void>>;
  readonly notes: readonly string[];
  /** The guide's. */
  readonly beside: readonly Line[];
}

const cores = availableParallelism();
const counts: readonly number[] = quick ? [1] : [...new Set([1, 2, 4, 8, 16, 32, 64].filter((count) => count < cores).concat(cores))];
/** Long enough for the clock of Linux, which counts processor time in hundredths of a second. */
const sampleMs = quick ? 1 : 400;

const wayOf = (pool: PoolName, workers: number): string => (pool === "inline" ? pool : `${pool} ${workers}`);
const countsOf = (pool: string): readonly number[] => (pool === "inline" ? [1] : counts);
const names = Object.keys(pools) as PoolName[];

export function waysOf(piece: Piece): Ways<Amount> {
  return Object.fromEntries(names.flatMap((name) => countsOf(name).map((workers) => [wayOf(name, workers), () => sampleOf(piece, name, workers)])));
}

async function sampleOf(piece: Piece, name: PoolName, workers: number): Promise<Sample<Amount>> {
  const { open, shares } = pools[name];
  const once = await piece.prepare(await open(workers), shares, workers);
  return async () => {
    const [began, computed] = [performance.now(), process.threadCpuUsage()];
    let times = 0;
    do {
      await once();
      times++;
    } while (performance.now() - began < sampleMs);
    const ms = (performance.now() - began) / times;
    const { user, system } = process.threadCpuUsage(computed);
    return { ms, caller: (user + system) / 1000 / times, times };
  };
}

interface Entry {
  readonly system: System;
  readonly workers: number;
  readonly isInline: boolean;
  readonly shares: boolean;
}

function entriesOf(piece: Piece): Entry[] {
  const inJavaScript = names.flatMap((name) => {
    const { system, family, maker, shares }: PoolKind = pools[name];
    return countsOf(name).flatMap((workers) =>
      onRuntime([{ way: wayOf(name, workers), system, family, maker }]).map((one): Entry => ({ system: numbered(one, workers), workers, isInline: name === "inline", shares })),
    );
  });
  const kinds: readonly (PythonWay & { readonly shares: boolean })[] = [
    { way: "inline", system: "inline, no worker", shares: true },
    { way: "threads", system: "ThreadPoolExecutor", shares: true },
    { way: "processes", system: "ProcessPoolExecutor", shares: false },
    { way: "inline", system: "inline, no worker", freeThreaded: true, remark: " free-threaded", shares: true },
    { way: "threads", system: "ThreadPoolExecutor", freeThreaded: true, remark: " free-threaded", shares: true },
  ];
  const inPython = kinds.flatMap(({ shares, way, ...kind }) =>
    countsOf(way).flatMap((workers) =>
      onPython(program, [{ ...kind, way: `${piece.name}: ${way} ${workers}`, about: sampleMs }]).map((one): Entry => ({ system: numbered(one, workers), workers, isInline: way === "inline", shares })),
    ),
  );
  return [...inJavaScript, ...inPython];
}

const program = fileOf("parallel.py", import.meta.url);

const numberOf = (workers: number): string => `${workers} ${workers === 1 ? "worker" : "workers"}`;

/** Who takes part is called by the number too. */
function numbered(one: System, workers: number): System {
  const { system, entrant } = one;
  if ("missing" in entrant) return one;
  return { ...one, system: system.startsWith("inline") ? system : `${system}, ${numberOf(workers)}`, entrant: { ...entrant, name: `${entrant.name} ${workers}` } };
}

const columns = (unit: string): Column[] => [
  { key: "speedUp", head: "speed-up" },
  { key: "efficiency", head: "efficiency" },
  { key: "rate", head: unit },
  { key: "memory", head: "memory", unit: "MB" },
  { key: "caller", head: "CPU of who calls", unit: "ms" },
  { key: "pool", head: "CPU of the workers", unit: "ms" },
];

export function rowOf(module: string, piece: Piece): Row {
  return {
    async measure() {
      const entries = entriesOf(piece);
      const plan = { warmUps: 1, rounds: 11, fewest: 7, budget: 240_000, accounts: true };
      const all = await linesOf<Amount>(module, entries.map(({ system }) => system), (measured, all, system) => cellsOf(piece, entries, measured, all, system), plan);
      const lines = all.filter((line, place) => line.missing === undefined || entries[place]!.workers === 1);
      const { amount, board, notes, beside } = piece;
      const measured: Board = {
        ...board,
        columns: columns(amount.unit),
        lines: [...lines, ...beside],
        plot: { kind: "bars", column: "speedUp", better: "more", label: "times as fast as without workers, in the same language" },
        notes: [...notes, `With up to ${numberOf(counts.at(-1)!)} on ${cores} cores, of which who calls needs one too.`],
      };
      const model = modelBoard(board.board, entries.map((entry, place) => ({ ...entry, line: all[place]! })), beside);
      return model === undefined ? [measured] : [measured, model];
    },
  };
}

function cellsOf(piece: Piece, entries: readonly Entry[], { amounts, accounts }: Measured<Amount>, all: ReadonlyMap<string, Measured<Amount>>, system: System): Line["cells"] {
  const entry = entries.find((one) => one.system === system)!;
  const base = entries.find((one) => one.isInline && one.system.on === system.on);
  const inline = base === undefined || "missing" in base.system.entrant ? undefined : all.get(base.system.entrant.name);
  const much = piece.amount[system.family === "python" ? "python" : "javaScript"];
  const speedUp = inline === undefined || inline.lost !== undefined ? undefined : quantity(amounts.map(({ ms }, round) => inline.amounts[round]!.ms / ms));
  const callers = amounts.map(({ caller }) => caller ?? 0);
  return {
    rate: quantity(amounts.map(({ ms }) => (1000 * much) / ms)),
    ...(speedUp === undefined ? {} : { speedUp, efficiency: { value: speedUp.value / entry.workers } }),
    ...(accounts.length === 0 ? {} : { memory: quantity(accounts.map(({ occupied }) => occupied)) }),
    ...(system.family === "python" ? {} : { caller: quantity(callers) }),
    ...(system.family === "python" || entry.isInline || accounts.length === 0 ? {} : { pool: quantity(amounts.map(({ times }, round) => Math.max(0, accounts[round]!.computed / times - callers[round]!))) }),
  };
}
