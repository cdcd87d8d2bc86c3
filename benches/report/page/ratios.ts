/** Ratios with their spread around 1, each beside what is to be reached. */
import { axisX, dot, gridX, ruleX, ruleY, text, tickX } from "@observablehq/plot";
import type { Compared } from "../../revision.ts";
import { type Figure, type Verdict, verdict } from "../../row.ts";
import { amount } from "../amount.ts";
import { difference } from "../compared-table.ts";
import { quotient } from "../table.ts";
import { draw, logTicks } from "./draw.ts";
import type { Markup } from "./markup.ts";

interface Mark {
  readonly place: number;
  readonly name: string;
  readonly beside: string;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly limit: number | undefined;
  readonly colour: string;
  readonly told: string;
}

const colours: Readonly<Record<Verdict, string>> = { reached: "var(--good)", tolerated: "var(--fair)", short: "var(--poor)", "–": "var(--package)" };

export function ratiosOfFigures(figures: readonly Figure[]): Markup {
  const marks = figures
    .filter(({ ratio }) => ratio !== undefined && ratio.median > 0)
    .map((figure, place): Mark => {
      const { what, ours, beside, ratio, reach } = figure;
      const [low, high] = ratio!.spread ?? [ratio!.median, ratio!.median];
      const pair = `${ours.name} ÷ ${beside?.name ?? ""}`;
      const limit = reach?.of === "ratio" ? reach.limit : undefined;
      return { place, name: what, beside: pair, ratio: ratio!.median, low, high, limit, colour: colours[verdict(figure)], told: `${what}, ${pair}: ${quotient(ratio!)}` };
    });
  return drawn("ratios", marks, "ours ÷ beside, logarithmic; a stroke is what is to be reached");
}

export function ratiosOfBuilds(compared: readonly Compared[]): Markup {
  const marks = compared.map((one, place): Mark => {
    const { row, way, ratio } = one;
    const [low, high] = ratio.spread ?? [ratio.median, ratio.median];
    const colour = { more: "var(--poor)", less: "var(--good)", none: "var(--package)" }[difference(one)];
    return { place, name: row, beside: way, ratio: ratio.median, low, high, limit: undefined, colour, told: `${row}, ${way}: ${quotient(ratio)}` };
  });
  return drawn("head beside base", marks, "head ÷ base, logarithmic");
}

const clipped = (words: string, letters: number): string => (words.length > letters ? `${words.slice(0, letters - 1)}…` : words);

function drawn(title: string, marks: readonly Mark[], label: string): Markup {
  const values = marks.flatMap(({ low, high, limit }) => [low, high, limit ?? 1]).filter((value) => value > 0);
  const domain = [Math.min(0.8, ...values) * 0.9, Math.max(1.25, ...values) * 1.1] as const;
  const ticks = logTicks(...domain);
  return draw(title, {
    height: marks.length * 34 + 56,
    marginLeft: 372,
    marginRight: 66,
    marginTop: 6,
    marginBottom: 44,
    x: { type: "log", label: null, domain },
    y: { type: "band", axis: null, domain: marks.map(({ place }) => place) },
    marks: [
      gridX({ stroke: "var(--line)", strokeOpacity: 1, ticks }),
      axisX({ ticks, tickFormat: amount, tickSize: 0, label, labelAnchor: "center", labelArrow: "none", labelOffset: 40 }),
      ruleX([1], { stroke: "var(--ink)", strokeOpacity: 0.5 }),
      ruleY(marks, { x1: "low", x2: "high", y: "place", stroke: "colour", strokeWidth: 3, strokeLinecap: "round", strokeOpacity: 0.55 }),
      tickX(marks.filter(({ limit }) => limit !== undefined), { x: "limit", y: "place", stroke: "var(--ink)", strokeWidth: 1.5, insetTop: 8, insetBottom: 8 }),
      dot(marks, { x: "ratio", y: "place", r: 5, fill: "colour", title: "told" }),
      text(marks, { x: "high", y: "place", dx: 10, textAnchor: "start", text: ({ ratio }: Mark) => amount(ratio), fill: "var(--quiet)" }),
      text(marks, { y: "place", frameAnchor: "left", dx: -12, dy: -7, textAnchor: "end", text: ({ name }: Mark) => clipped(name, 58), fill: "var(--ink)" }),
      text(marks, { y: "place", frameAnchor: "left", dx: -12, dy: 8, textAnchor: "end", text: ({ beside }: Mark) => clipped(beside, 66), fill: "var(--quiet)", fontSize: 11 }),
    ],
  });
}
