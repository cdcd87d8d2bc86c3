/** A table without borders: dim heads of one or more lines, columns two spaces apart, nothing that a pipe would have to strip. */
import Table from "cli-table3";
import type { Colours } from "./terminal.ts";

export interface Column {
  readonly head: string;
  readonly align: "left" | "right";
}

/** One text for each column, or `[first, rest]`: the rest spans all columns after the first. */
export type Row = readonly string[] | { readonly first: string; readonly rest: string };

const borders = ["top", "bottom", "left", "right", "mid"].flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`]);
const noBorders = { ...Object.fromEntries(borders.map((name) => [name, ""])), "left-mid": "", "mid-mid": "", "right-mid": "", middle: "  " };

export function renderTable(columns: readonly Column[], rows: readonly Row[], colours: Colours): string {
  const table = new Table({
    colAligns: columns.map((column) => column.align),
    chars: noBorders,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  const tallest = Math.max(...columns.map((column) => column.head.split("\n").length));
  for (let line = 0; line < tallest; line++) table.push(columns.map((column) => headLine(column.head, tallest, line, colours)));
  for (const row of rows) {
    table.push("rest" in row ? [row.first, { content: row.rest, colSpan: columns.length - 1, hAlign: "left" }] : [...row]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** A line of a head that stands on the bottom of a space of so many lines. */
function headLine(head: string, tallest: number, line: number, colours: Colours): string {
  const lines = head.split("\n");
  const text = lines[line - (tallest - lines.length)];
  return text === undefined ? "" : colours.dim(text);
}
