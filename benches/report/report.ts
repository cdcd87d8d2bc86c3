/** What a run of a suite found: `--json` prints it as it is, and the text and the README are drawn from it. */
import type { Machine } from "../../src/cli/bench/http/machine.ts";
import type { Figure, Missing } from "../row.ts";
import type { Noise } from "../spin.ts";
import { table } from "./table.ts";

export interface Report {
  readonly suite: string;
  readonly clock: "wall" | "cpu";
  readonly machine: Machine;
  readonly figures: readonly (Figure | Missing)[];
  /** By row. */
  readonly noise: Readonly<Record<string, Noise>>;
}

export function render({ suite, clock, machine, figures, noise }: Report): string {
  const { date, runtime, cpu, cores, system, load } = machine;
  return [
    `npm run bench ${suite} · ${date} · ${runtime} · ${cpu}, ${cores} cores, ${system} · load ${load} before it began${clock === "cpu" ? " · times of the thread's processor" : ""}`,
    "",
    table(figures),
    "",
    noiseSentence(Object.values(noise)),
  ].join("\n");
}

function noiseSentence(all: readonly Noise[]): string {
  const median = Math.max(...all.map((one) => one.median));
  const high = Math.max(...all.map((one) => one.high));
  const judgement = high < 1.15 ? "quiet" : high < 1.6 ? "somewhat noisy" : "noisy: repeat what matters on a quiet machine";
  return `A bare spin took ${median.toFixed(2)} times its fastest in the median of the noisiest row, ${high.toFixed(2)} times in one run of ten: ${judgement}.`;
}
