/** A board as a Markdown table under its title. */
import type { Board, Column, Line } from "../board.ts";
import { aligned } from "./aligned.ts";
import { withSpread } from "./amount.ts";

export function boardTable({ board, about, columns, lines, notes = [] }: Board): string {
  const measured = lines.filter(({ missing }) => missing === undefined);
  const isOn = measured.some(({ on }) => on !== undefined);
  const heads = ["system", ...(isOn ? ["on"] : []), ...columns.map(headOf)];
  const rows = measured.map((line) => [nameOf(line), ...(isOn ? [line.on ?? ""] : []), ...columns.map(({ key }) => cellOf(line, key))]);
  const missing = lines.flatMap(({ system, missing }) => (missing === undefined ? [] : [`- Not measured, ${system}: ${missing}.`]));
  return [`**${board}.** ${about}`, aligned(heads, rows), [...notes.map((note) => `- ${note}`), ...missing].join("\n")].filter((part) => part !== "").join("\n\n");
}

export const headOf = ({ head, unit }: Column): string => (unit === undefined ? head : `${head}, ${unit}`);

/** Ours are seen at once. */
const nameOf = ({ system, family }: Line): string => (family === "espalier" ? `**${system}**` : system);

export function cellOf({ cells }: Line, key: string): string {
  const cell = cells[key];
  if (cell === undefined) return "";
  return typeof cell === "string" ? cell : withSpread(cell);
}
