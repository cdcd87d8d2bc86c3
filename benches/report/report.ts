/** What a run of suites found: `--json` keeps it as it is, and the text, the README and the page are drawn from it. */
import type { Machine } from "../../src/cli/bench/http/machine.ts";
import type { Cores } from "../cores.ts";
import type { Compared } from "../revision.ts";
import { type Figure, type Finding, isBoard, type Missing } from "../row.ts";
import type { Noise } from "../spin.ts";
import { boardTable } from "./board-table.ts";
import { comparedTable } from "./compared-table.ts";
import { table } from "./table.ts";

export interface Report {
  readonly suite: string;
  /** What the suite asks, in a sentence or two. */
  readonly about: string;
  /** What is measured: the version of espalier, and the revision where it is known. */
  readonly espalier: string;
  readonly clock: "wall" | "cpu";
  /** Whether it was a look only: figures that mean nothing. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly findings: readonly Finding[];
  /** By row. */
  readonly noise: Readonly<Record<string, RowNoise>>;
  /** With `--compare`: the base, and what was compared. */
  readonly base?: string | undefined;
  readonly compared?: readonly Compared[] | undefined;
}

export interface RowNoise extends Noise {
  /** Right after the row. */
  readonly cores: Cores;
}

export function render(report: Report): string {
  const { suite, clock, machine, findings, noise, quick, base, compared = [] } = report;
  const { date, runtime, cpu, cores, system, load } = machine;
  const figures = findings.filter((finding): finding is Figure | Missing => !isBoard(finding));
  return [
    `npm run bench ${suite} · ${date} · ${runtime} · ${cpu}, ${cores} cores, ${system} · load ${load} before it began${clock === "cpu" ? " · times of the thread's processor" : ""}`,
    quick ? "A quick look: everything ran, and no figure means anything." : "",
    ...findings.filter(isBoard).map(boardTable),
    figures.length === 0 ? "" : table(figures),
    base === undefined ? "" : `Head beside base (${base}):\n\n${comparedTable(compared)}`,
    noiseSentence(Object.values(noise)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

export type Judgement = "quiet" | "somewhat noisy" | "noisy";

/** From the part of its time that one run of ten of a bare spin took, of its fastest. */
export const judge = (high: number): Judgement => (high < 1.15 ? "quiet" : high < 1.6 ? "somewhat noisy" : "noisy");

export function noiseSentence(all: readonly RowNoise[]): string {
  if (all.length === 0) return "";
  const median = Math.max(...all.map((one) => one.median));
  const high = Math.max(...all.map((one) => one.high));
  const judgement = judge(high);
  const [first] = all;
  const fewest = Math.min(...all.map(({ cores }) => cores.usable));
  const advice = judgement === "noisy" ? ": repeat what matters on a quiet machine" : "";
  return (
    `A bare spin took ${median.toFixed(2)} times its fastest in the median of the noisiest row, ${high.toFixed(2)} times in one run of ten: ${judgement}${advice}. ` +
    `On all cores at once it did the work of ${fewest.toFixed(2)} of ${first!.cores.of} at the worst.`
  );
}
