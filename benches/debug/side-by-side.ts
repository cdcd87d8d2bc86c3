/** Each workload in two settings, by some processes of each in the same rounds. */
import { type Measured, measureRounds, quick } from "../measure.ts";
import { compare, type Figure, type Reach } from "../row.ts";
import { node } from "../way.ts";
import { type Workload, workloads } from "./workloads.ts";

/** How the processes of a side are started. */
export interface Setting {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Nothing asks for debug mode, whatever the environment of the bench says. */
export const asItIs: Setting = { name: "as it is", environment: { ESPALIER_DEBUG: "" } };

/**
 * Of each side: V8 compiles what it finds hot at moments of chance, and a process keeps what came of it. One of them is
 * up to a tenth faster or slower than the next of the same build.
 */
const processes = quick ? 1 : 8;

export async function sideBySide(setting: Setting, beside: Setting, chosen: readonly Workload[], reach?: Reach): Promise<Figure[]> {
  const module = new URL("workloads.ts", import.meta.url).href;
  const figures: Figure[] = [];
  for (const way of chosen) {
    const sides = [setting, beside].map(({ name, environment }) => Array.from({ length: processes }, (_, index) => ({ name: `${name}, process ${index + 1}`, way, runtime: { ...node, environment } })));
    const measured = await measureRounds(module, sides.flat());
    const [ours, others] = sides.map((side) => side.flatMap(({ name }) => amountsOf(measured.get(name)!)));
    figures.push(compare({ ...workloads[way], unit: "µs", reach }, [setting.name, ours!], [beside.name, others!]));
  }
  return figures;
}

function amountsOf({ amounts, lost }: Measured<number>): readonly number[] {
  if (lost !== undefined) throw new Error(lost);
  return amounts;
}
