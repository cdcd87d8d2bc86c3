/** Each workload in two settings, in the same rounds. */
import { measureRounds } from "../measure.ts";
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

export async function sideBySide(setting: Setting, beside: Setting, chosen: readonly Workload[], reach?: Reach): Promise<Figure[]> {
  const module = new URL("workloads.ts", import.meta.url).href;
  const entrants = chosen.flatMap((way) => [setting, beside].map(({ name, environment }) => ({ name: `${way}, ${name}`, way, runtime: { ...node, environment } })));
  const measured = await measureRounds(module, entrants);
  return chosen.map((way) => {
    const side = ({ name }: Setting) => {
      const { amounts, lost } = measured.get(`${way}, ${name}`)!;
      if (lost !== undefined) throw new Error(lost);
      return [name, amounts] as const;
    };
    return compare({ ...workloads[way], unit: "µs", reach }, side(setting), side(beside));
  });
}
