/**
 * Plots as SVG, drawn when the page is made: by Observable Plot, on a document that needs no browser.
 *
 * A page of drawings runs no script, can be printed, and follows the reader's colours, which are variables of its style. Of the libraries
 * looked at, uPlot draws on a canvas in the reader's browser, and Vega-Lite's SVG carries its colours in itself.
 */
import { type Markish, plot as plotOf, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Family } from "../../board.ts";
import { Markup } from "./markup.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

export const width = 880;

/** Colours are the style's. */
export const colourOf = (family: Family): string => `var(--${family})`;

/** What text of so many letters takes, about: no browser is there to measure it. */
export const textWidth = (text: string): number => text.length * 6.35;

export function draw(label: string, options: PlotOptions & { readonly marks: Markish[] }): Markup {
  const drawn = plotOf({ document, width, className: "plot", ariaLabel: label, style: { fontSize: "12px" }, ...options });
  return new Markup(drawn.outerHTML);
}
