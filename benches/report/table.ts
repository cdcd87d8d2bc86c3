/** The figures as one Markdown table, aligned so that it reads well in a terminal too. */
import type { Ratio } from "../ratio.ts";
import { type Figure, type Missing, type Reach, verdict } from "../row.ts";

const columns = ["what", "N", "espalier", "beside", "ratio (10–90 %)", "reach", "verdict"] as const;

export function table(figures: readonly (Figure | Missing)[]): string {
  const rows = [[...columns], ...figures.map(cells)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head!), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...body.map(line)].join("\n");
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

function quotient({ median, spread }: Ratio): string {
  return spread === undefined ? amount(median) : `${amount(median)} (${spread.map(amount).join("–")})`;
}

/** Three digits that count, and no more than were measured. */
function amount(value: number): string {
  if (value === 0 || value >= 1000) return Math.round(value).toLocaleString("en");
  return `${Number(value.toPrecision(value < 0.1 ? 2 : 3))}`;
}

function goal({ of, bound, limit, tolerated }: Reach, unit: string): string {
  const sign = bound === "at most" ? "≤" : "≥";
  return `${sign} ${limit.toLocaleString("en")}${of === "amount" ? ` ${unit}` : ""}${tolerated === undefined ? "" : `, at most ${tolerated}`}`;
}
