/** A board as a Markdown table under its title. */
import type { Board, Column, Line } from "../board.ts";
import { aligned } from "./aligned.ts";
import { withSpread } from "./amount.ts";

export function boardTable({ board, about, columns, lines, notes = [] }: Board): string {
  const measured = lines.filter(({ missing }) => missing === undefined);
  const isOn = measured.some(({ on }) => on !== undefined);
  const heads = ["system", ...(isOn ? ["on"] : []), ...columns.map(headOf)];
  const rows = measured.map((line) => [nameOf(line), ...(isOn ? [line.on ?? ""] : []), ...columns.map(({ key }) => cellOf(line, key))]);
  return [`**${board}.** ${about}`, aligned(heads, rows), [...notes, ...lackOf(lines)].map((note) => `- ${note}`).join("\n")].filter((part) => part !== "").join("\n\n");
}

/** What is not there, with the way to get it: once for all that lack the same. */
export function lackOf(lines: readonly Line[]): string[] {
  const lacks = new Map<string, Set<string>>();
  for (const { system, missing } of lines) if (missing !== undefined) lacks.set(missing, (lacks.get(missing) ?? new Set()).add(system));
  return [...lacks].map(([missing, systems]) => `Not measured, ${[...systems].join("; ")}: ${missing}.`);
}

export const headOf = ({ head, unit }: Column): string => (unit === undefined ? head : `${head}, ${unit}`);

/** Ours are seen at once. */
const nameOf = ({ system, family }: Line): string => (family === "espalier" ? `**${system}**` : system);

export function cellOf({ cells }: Line, key: string): string {
  const cell = cells[key];
  if (cell === undefined) return "";
  return typeof cell === "string" ? cell : withSpread(cell);
}
