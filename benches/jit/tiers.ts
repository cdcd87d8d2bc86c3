/** The rows of this suite: one workload in each tier of V8, and in CPython with and without its compiler. */
import { converted, type Family, type Line, quantity } from "../board.ts";
import { fileOf } from "../child.ts";
import { guideJit, guideTiers } from "../guide.ts";
import type { Measured } from "../measure.ts";
import type { Row } from "../row.ts";
import { linesOf, onPython, onRuntime, type System } from "../systems.ts";
import type { Runtime } from "../way.ts";

const program = fileOf("tier-process.mjs", import.meta.url);
const pythonProgram = fileOf("jit.py", import.meta.url);

/** From the slowest on. Each has those before it, too. */
const tiers = [
  { name: "interpreter only", flags: ["--jitless"] },
  { name: "+ Sparkplug", flags: ["--no-maglev", "--no-turbofan"] },
  { name: "+ Maglev", flags: ["--no-turbofan"] },
  { name: "+ TurboFan, the default", flags: [] },
] as const;

export interface TieredWay {
  readonly way: string;
  readonly system: string;
  readonly family: Family;
  /** The package that it needs. */
  readonly maker?: string;
}

export interface Workload {
  readonly name: keyof typeof guideJit;
  readonly board: string;
  readonly about: string;
  readonly unit: string;
  readonly better: "less" | "more";
  /** From µs for an item to what is shown. */
  readonly shown: (micros: number) => number;
  readonly ways: readonly TieredWay[];
  readonly inPython: readonly { readonly way: string; readonly system: string; readonly packages?: readonly string[]; readonly about?: unknown }[];
  /** Where the guide's own figure says of how much it is: from it to what is shown. */
  readonly fromGuide?: (figure: number) => number;
  readonly notes: readonly string[];
}

/** The first of each way is what the others are compared with. */
function systemsOf({ name, ways, inPython }: Workload): (readonly [System, System])[] {
  const inTiers = ways.map((way) =>
    tiers.flatMap((tier) => {
      const runtime: Runtime = { name: `V8, ${tier.name}`, command: process.execPath, args: ["--expose-gc", ...tier.flags], program };
      return onRuntime([{ ...way, way: `${name}: ${way.way}` }], runtime);
    }),
  );
  const inPythons = inPython.map((way) => {
    const one = { ...way, way: `${name}: ${way.way}` };
    return [
      ...onPython(pythonProgram, [{ ...one, environment: { PYTHON_JIT: "0" } }]),
      ...onPython(pythonProgram, [{ ...one, jit: true, environment: { PYTHON_JIT: "1" }, remark: " with its JIT" }]),
    ];
  });
  return [...inTiers, ...inPythons].flatMap((group) => group.map((one) => [one, group[0]!] as const));
}

export function rowOf(module: string, workload: Workload): Row {
  return {
    async measure() {
      const { name, board, about, unit, better, shown, fromGuide, notes } = workload;
      const pairs = systemsOf(workload);
      const cellsOf = (measured: Measured<number>, all: ReadonlyMap<string, Measured<number>>, system: System): Line["cells"] => {
        const first = pairs.find(([one]) => one === system)![1];
        const base = "missing" in first.entrant ? undefined : all.get(first.entrant.name);
        return {
          amount: converted(quantity(measured.amounts), shown),
          ...(base === undefined || base.lost !== undefined ? {} : { faster: quantity(measured.amounts.map((amount, round) => base.amounts[round]! / amount)) }),
        };
      };
      const lines = await linesOf<number>(module, pairs.map(([system]) => system), cellsOf, { warmUps: 2, rounds: 15, fewest: 7, budget: 60_000 });
      return [
        {
          board,
          about,
          columns: [
            { key: "amount", head: unit },
            { key: "faster", head: "times as fast as without compilers" },
          ],
          lines: [...lines, ...besides(name, fromGuide)],
          plot: { kind: "bars", column: "amount", better, inOrder: true, log: true, label: unit },
          notes,
        },
      ];
    },
  };
}

/** The guide's: its own figure where it can be converted, and what the JIT gained in any case. */
function besides(name: Workload["name"], fromGuide: Workload["fromGuide"]): Line[] {
  const figures = guideJit[name];
  const gained = figures.unit === "s" ? figures.without / figures.with : figures.with / figures.without;
  return guideTiers(name, fromGuide ?? ((figure) => figure)).map((line, place) => ({
    ...line,
    cells: { ...(fromGuide === undefined ? {} : line.cells), faster: { value: place === 0 ? 1 : gained } },
  }));
}
