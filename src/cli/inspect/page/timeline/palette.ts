/** The colours of the canvas: those of the style sheet, for light and dark. */
import { type Sort, sorts } from "../model/state.ts";

export interface Palette {
  readonly sorts: Readonly<Record<Sort, string>>;
  readonly grid: string;
  readonly now: string;
  readonly pointer: string;
  readonly selected: string;
  readonly cancelling: string;
  readonly failed: string;
  readonly end: string;
  readonly text: string;
  readonly faint: string;
  readonly chart: string;
  readonly late: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    sorts: Object.fromEntries(Object.keys(sorts).map((sort) => [sort, colour(`sort-${sort}`)])) as Record<Sort, string>,
    grid: colour("grid"),
    now: colour("now"),
    pointer: colour("pointer"),
    selected: colour("selected"),
    cancelling: colour("cancelling"),
    failed: colour("failed"),
    end: colour("end"),
    text: colour("text"),
    faint: colour("faint"),
    chart: colour("chart"),
    late: colour("late"),
  };
}

/** Calls back when the colours have become others. */
export function onPalette(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
