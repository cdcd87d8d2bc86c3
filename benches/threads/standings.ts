/** Who is compared with whom: ours with each package in the settings that were best here; without ours, each with the first. */
import { median } from "../ratio.ts";
import { compare, type Figure, type Side } from "../row.ts";
import type { Workload } from "./workload.ts";

export interface Standing {
  readonly maker: string;
  readonly side: Side;
}

const amount = ({ side: [, amounts] }: Standing): number => median(amounts);

export function compareAll(workload: Workload, ours: Side | undefined, rivals: readonly Standing[], others: readonly Standing[]): Figure[] {
  const { what, items, unit, better, reach, undivided = false } = workload;
  const sorted = rivals.toSorted((a, b) => (better === "less" ? amount(a) - amount(b) : amount(b) - amount(a)));
  const best = bestOfEach(sorted);
  const [plain] = rivals;
  const sides = ours === undefined || plain === undefined || best.includes(plain) ? best : [...best, plain];
  const measured = reach?.beside === "piscina" ? best.find(({ maker }) => maker === "piscina") : best[0];
  const base = ours ?? best.find(({ maker }) => maker === plain?.maker)?.side;
  if (base === undefined) return [];
  return [...sides, ...others].flatMap((standing) => {
    const divided = (figure: Figure): Figure => (undivided ? { ...figure, ratio: undefined } : figure);
    const about = { what, items, unit, reach: ours !== undefined && standing === measured ? reach?.reach : undefined };
    if (ours !== undefined) return [divided(compare(about, ours, standing.side))];
    return standing.side === base ? [] : [divided(compare(about, standing.side, base))];
  });
}

/** Of each package the first. */
function bestOfEach(sorted: readonly Standing[]): Standing[] {
  return sorted.filter(({ maker }, place) => sorted.findIndex((other) => other.maker === maker) === place);
}
