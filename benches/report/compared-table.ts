/** Two builds side by side as a Markdown table: what differs comes first. */
import type { Compared } from "../revision.ts";
import { aligned } from "./aligned.ts";
import { amount } from "./amount.ts";
import { quotient } from "./table.ts";

/** Only what nine rounds of ten agree on is called a difference; a few agree by chance. */
export function difference({ ratio: { spread, rounds } }: Compared): "less" | "more" | "none" {
  if (spread === undefined || rounds < 5) return "none";
  if (spread[1] < 1) return "less";
  return spread[0] > 1 ? "more" : "none";
}

export function comparedTable(compared: readonly Compared[]): string {
  const sorted = compared.toSorted((a, b) => Number(difference(b) !== "none") - Number(difference(a) !== "none"));
  const rows = sorted.map((one) => [one.row, one.way, amount(one.base), amount(one.head), quotient(one.ratio), wordOf(one)]);
  return aligned(["row", "way", "base", "head", "head ÷ base (10–90 %)", "head is"], rows);
}

const wordOf = (one: Compared): string => ({ less: "less", more: "more", none: "–" })[difference(one)];
