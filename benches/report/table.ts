/** The figures of a suite as one Markdown table. */
import type { Ratio } from "../ratio.ts";
import { type Figure, type Missing, type Reach, verdict } from "../row.ts";
import { aligned } from "./aligned.ts";
import { amount } from "./amount.ts";

const columns = ["what", "N", "espalier", "beside", "ratio (10–90 %)", "reach", "verdict"] as const;

export function table(figures: readonly (Figure | Missing)[]): string {
  return aligned(columns, figures.map(cells));
}

function cells(figure: Figure | Missing): string[] {
  if ("missing" in figure) return [figure.what, "", figure.missing, "", "", "", "not measured"];
  const { what, items, unit, ours, beside, ratio, reach } = figure;
  return [
    what,
    items?.toLocaleString("en") ?? "",
    `${amount(ours.value)} ${unit}, ${ours.name}`,
    beside === undefined ? "" : `${amount(beside.value)} ${unit}, ${beside.name}`,
    ratio === undefined ? "" : quotient(ratio),
    reach === undefined ? "" : goal(reach, unit),
    verdict(figure),
  ];
}

export function quotient({ median, spread }: Ratio): string {
  return spread === undefined ? amount(median) : `${amount(median)} (${spread.map(amount).join("–")})`;
}

export function goal({ of, bound, limit, tolerated }: Reach, unit: string): string {
  const sign = bound === "at most" ? "≤" : "≥";
  return `${sign} ${limit.toLocaleString("en")}${of === "amount" ? ` ${unit}` : ""}${tolerated === undefined ? "" : `, at most ${tolerated}`}`;
}
