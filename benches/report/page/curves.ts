/** Curves over a number: each with its name at its end, moved apart where they would cover each other. */
import { axisX, axisY, dot, gridY, line, link, type Markish, text } from "@observablehq/plot";
import type { Axis, Board, Curve, Plot } from "../../board.ts";
import { amount } from "../amount.ts";
import { colourOf, draw, logTicks, textWidth, width } from "./draw.ts";
import type { Markup } from "./markup.ts";

const [top, bottom, plotHeight] = [18, 46, 380];
const lineHeight = 15;

export function curves(board: Board, { x, y, curves: all }: Extract<Plot, { kind: "curves" }>): Markup {
  const drawn = all.filter(({ points }) => points.length > 0).map((curve, place) => ({ ...curve, stroke: strokeOf(curve, place) }));
  const right = Math.max(...drawn.map(({ name }) => textWidth(name))) + 30;
  const height = Math.max(plotHeight, drawn.length * (lineHeight + 2) + top + bottom);
  const points = drawn.flatMap(({ points, measured = [] }) => [...points, ...measured]);
  const domain = domainOf(y, points.map((point) => point.y));
  const [least, most] = [Math.min(...points.map((point) => point.x)), Math.max(...points.map((point) => point.x))];
  const yTicks = y.log === true ? logTicks(...domain) : 6;
  const places = scaleOf(y, domain, height - bottom, top);
  const ends = apart(drawn.map(({ points }) => places(points.at(-1)!.y)), top, height - bottom);
  const left = Math.max(...domain.map((value) => textWidth(amount(value)))) + 24;
  return draw(board.board, {
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: bottom,
    x: { type: x.log === true ? "log" : "linear", label: null, domain: [least, most] },
    y: { type: y.log === true ? "log" : "linear", label: null, domain },
    marks: [
      gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: yTicks }),
      axisX({ ticks: x.log === true ? logTicks(least, most) : Math.min(16, most - 1), tickFormat: amount, tickSize: 4, label: x.label, labelAnchor: "center", labelArrow: "none", labelOffset: 40 }),
      axisY({ ticks: yTicks, tickFormat: amount, tickSize: 0, label: null }),
      text([y.label], { frameAnchor: "top-left", dx: -left + 4, dy: -14, textAnchor: "start", text: (label: string) => label, fill: "var(--quiet)" }),
      ...drawn.flatMap((curve, place) => marksOf(curve, curve.stroke, { from: places(curve.points.at(-1)!.y), to: ends[place]!, right: width - right })),
    ],
  });
}

const strokeOf = ({ family }: Curve, place: number): string => (family === "package" || family === "python" ? `var(--series-${place % 8})` : colourOf(family));

interface End {
  /** Where the curve ends and where its name stands, in pixels. */
  readonly from: number;
  readonly to: number;
  readonly right: number;
}

function marksOf({ name, family, points, measured }: Curve, stroke: string, { from, to }: End): Markish[] {
  const ours = family === "espalier";
  const last = points.at(-1)!;
  const dotted = measured ?? points;
  const dashes = measured !== undefined ? "2 4" : family === "python" ? "7 3" : family === "guide" ? "1 3" : "none";
  const title = (point: { x: number; y: number }): string => `${name}: ${amount(point.y)} at ${amount(point.x)}`;
  return [
    line(points, { x: "x", y: "y", stroke, strokeWidth: ours ? 2.6 : 1.7, strokeDasharray: dashes, strokeLinecap: "round" }),
    link(dotted.filter((point) => point.low !== undefined), { x1: "x", x2: "x", y1: "low", y2: "high", stroke, strokeWidth: 1.5, strokeOpacity: 0.6 }),
    dot(dotted, { x: "x", y: "y", r: ours ? 4 : 3.2, fill: family === "guide" ? "var(--page)" : stroke, stroke, title }),
    text([last], { x: "x", y: "y", dx: 12, dy: to - from, textAnchor: "start", text: () => name, fill: ours ? "var(--espalier-ink)" : stroke, fontWeight: ours ? 650 : 450 }),
  ];
}

function domainOf({ log = false }: Axis, values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return log ? [least * 0.8, most * 1.25] : [0, most * 1.05];
}

/** The pixel of a value, as the plot will place it. */
function scaleOf({ log = false }: Axis, [least, most]: readonly [number, number], low: number, high: number): (value: number) => number {
  const turn = log ? Math.log : (value: number) => value;
  return (value) => low + ((turn(value) - turn(least)) / (turn(most) - turn(least))) * (high - low);
}

/** The places, moved until no two are closer than a line of text, in their order and within what there is. */
export function apart(places: readonly number[], from: number, to: number): number[] {
  const order = places.map((_, index) => index).toSorted((a, b) => places[a]! - places[b]!);
  const moved = [...places];
  let next = from;
  for (const index of order) next = (moved[index] = Math.max(moved[index]!, next)) + lineHeight;
  let last = to;
  for (const index of order.toReversed()) last = (moved[index] = Math.min(moved[index]!, last)) - lineHeight;
  return moved;
}
