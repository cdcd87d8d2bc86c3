/** One column of a board: a bar for each system from zero, or on a logarithmic axis, which has no zero, a dot with its spread. */
import { axisX, barX, dot, gridX, type Markish, ruleX, ruleY, text } from "@observablehq/plot";
import type { Board, Family, Plot, Quantity } from "../../board.ts";
import { amount, withSpread } from "../amount.ts";
import { colourOf, draw, logTicks, nameInPlot, textWidth, width } from "./draw.ts";
import type { Markup } from "./markup.ts";

interface Bar {
  readonly place: number;
  readonly name: string;
  readonly family: Family;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly told: string;
}

const step = 23;

export function bars(board: Board, { column, better, inOrder = false, label, log = false }: Extract<Plot, { kind: "bars" }>): Markup {
  const all = board.lines
    .flatMap((line) => {
      const cell = line.cells[column];
      if (cell === undefined || typeof cell === "string") return [];
      return [{ name: nameInPlot(line), family: line.family, ...spread(cell), told: withSpread(cell) }];
    })
    .toSorted((a, b) => (inOrder ? 0 : better === "less" ? a.value - b.value : b.value - a.value))
    .map((bar, place): Bar => ({ place, ...bar }));
  const left = Math.max(...all.map(({ name, family }) => textWidth(name, family === "espalier"))) + 16;
  const least = Math.min(...all.map(({ low }) => low)) * 0.7;
  const most = Math.max(...all.map(({ high }) => high));
  const ticks = log ? logTicks(least, most * 1.05) : Math.max(3, Math.floor((width - left) / 110));
  return draw(board.board, {
    height: all.length * step + 52,
    marginLeft: left,
    marginRight: 84,
    marginTop: 6,
    marginBottom: 42,
    x: { type: log ? "log" : "linear", label: null, nice: !log, domain: log ? [least, most * 1.05] : [0, most] },
    y: { type: "band", axis: null, domain: all.map(({ place }) => place) },
    marks: [
      axisX({ ticks, tickFormat: amount, tickSize: 0, label: `${label}${log ? ", logarithmic" : ""}: ${better} is better`, labelAnchor: "center", labelArrow: "none", labelOffset: 38 }),
      gridX({ stroke: "var(--line)", strokeOpacity: 1, ticks }),
      ruleX([log ? least : 0], { stroke: "var(--line)" }),
      ...(log ? dots(all, least) : solid(all)),
      text(all, { x: "high", y: "place", text: ({ value }: Bar) => amount(value), dx: 9, textAnchor: "start", fill: "var(--quiet)" }),
      names(all, true),
      names(all, false),
    ],
  });
}

const spread = ({ value, low = value, high = value }: Quantity) => ({ value, low, high });
const titled = ({ name, told }: Bar): string => `${name}: ${told}`;
const filled = ({ family }: Bar): string => (family === "guide" ? "var(--page)" : colourOf(family));
const stroked = ({ family }: Bar): string => colourOf(family);

function solid(all: readonly Bar[]): Markish[] {
  return [
    barX(all, { x: "value", y: "place", fill: filled, stroke: stroked, insetTop: 4, insetBottom: 4, rx: 2, title: titled }),
    ruleY(all, { x1: "low", x2: "high", y: "place", stroke: "var(--ink)", strokeOpacity: 0.55, strokeWidth: 1.5 }),
  ];
}

function dots(all: readonly Bar[], least: number): Markish[] {
  return [
    ruleY(all, { x1: least, x2: "value", y: "place", stroke: stroked, strokeOpacity: 0.22, strokeWidth: 7 }),
    ruleY(all, { x1: "low", x2: "high", y: "place", stroke: stroked, strokeWidth: 2.5, strokeLinecap: "round" }),
    dot(all, { x: "value", y: "place", r: 5, fill: filled, stroke: stroked, strokeWidth: 1.5, title: titled }),
  ];
}

function names(all: readonly Bar[], ours: boolean): Markish {
  const some = all.filter(({ family }) => (family === "espalier") === ours);
  return text(some, {
    y: "place",
    frameAnchor: "left",
    dx: -10,
    textAnchor: "end",
    text: "name",
    fontWeight: ours ? 650 : 400,
    fill: ours ? "var(--espalier-ink)" : "var(--ink)",
    fontStyle: "normal",
  });
}
