/**
 * Plots as SVG, drawn when the page is made: by Observable Plot, on a document that needs no browser.
 *
 * A page of drawings runs no script, can be printed, and follows the reader's colours, which are variables of its style. Of the libraries
 * looked at, uPlot draws on a canvas in the reader's browser, and Vega-Lite's SVG carries its colours in itself.
 */
import { type Markish, plot as plotOf, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Family, Line } from "../../board.ts";
import { Markup } from "./markup.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

export const width = 880;

/** Colours are the style's. */
export const colourOf = (family: Family): string => `var(--${family})`;

/** What text takes, about: no browser is there to measure it. */
export const textWidth = (text: string, bold = false): number => text.length * (bold ? 6.9 : 6.35);

/** Where a logarithmic axis has its lines: few enough at every digit, at 1, 2, 5, 10, …, or at the powers of ten. */
export function logTicks(least: number, most: number): number[] {
  const from = Math.floor(Math.log10(least));
  const powers = Array.from({ length: Math.ceil(Math.log10(most)) - from + 1 }, (_, place) => 10 ** (from + place));
  const within = (digits: readonly number[]): number[] => powers.flatMap((power) => digits.map((digit) => digit * power)).filter((value) => value >= least && value <= most);
  return [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5]].map(within).find((ticks) => ticks.length <= 7) ?? within([1]);
}

/** How a system is called beside its bar: with the runtimes' versions in short and without those of packages, which the table has. */
export function nameInPlot({ system, on, family }: Line): string {
  if (on === undefined || family === "guide") return plain(system);
  return `${plain(system)} · ${plain(on)}`;
}

const plain = (name: string): string =>
  name.replaceAll(/(\S+) (\d+)\.(\d+)(?:\.\w+)*/g, (_, word: string, major: string, minor: string) => {
    if (word === "Node.js") return `${word} ${major}`;
    return ["CPython", "Bun", "Deno"].includes(word) ? `${word} ${major}.${minor}` : word;
  });

export function draw(label: string, options: PlotOptions & { readonly marks: Markish[] }): Markup {
  const drawn = plotOf({ document, width, className: "plot", ariaLabel: label, style: { fontSize: "12px" }, ...options });
  return new Markup(drawn.outerHTML);
}
