/** A board: its plot, and the table under it. */
import type { Board, Column, Family, Line } from "../../board.ts";
import { cellOf, headOf, lackOf } from "../board-table.ts";
import { amount } from "../amount.ts";
import { bars } from "./bars.ts";
import { curves } from "./curves.ts";
import { html, type Markup } from "./markup.ts";
import { parts } from "./parts.ts";

export const familyWords: Readonly<Record<Family, string>> = {
  espalier: "espalier",
  platform: "the platform",
  package: "other packages",
  python: "Python",
  limit: "what the machine can do",
  guide: "the guide, on its machine",
};

export function boardFigure(board: Board): Markup {
  const { lines, notes = [] } = board;
  const measured = lines.filter(({ missing }) => missing === undefined);
  const remarks = [...notes, ...lackOf(lines)];
  return html`<figure>
<figcaption><h3>${board.board}</h3><p>${board.about}</p></figcaption>
${measured.length === 0 ? "" : drawing(board)}
${remarks.length === 0 ? "" : html`<ul class="notes">${remarks.map((note) => html`<li>${note}</li>`)}</ul>`}
${measured.length === 0 ? "" : board.plot === undefined ? table(board, measured) : html`<details><summary>All figures</summary>${table(board, measured)}</details>`}
</figure>`;
}

function drawing(board: Board): Markup | "" {
  const { plot } = board;
  if (plot === undefined) return "";
  const drawn = plot.kind === "bars" ? bars(board, plot) : plot.kind === "parts" ? parts(board, plot) : curves(board, plot);
  return html`${plot.kind === "bars" ? key(board) : ""}<div class="drawing">${drawn}</div>`;
}

/** Only of those who are there. */
function key({ lines }: Board): Markup {
  const there = (Object.keys(familyWords) as Family[]).filter((family) => lines.some((line) => line.family === family && line.missing === undefined));
  return html`<ul class="key">${there.map((family) => html`<li><i ${family === "guide" ? html`class="hollow"` : html`style="background:var(--${family})"`}></i>${familyWords[family]}</li>`)}</ul>`;
}

function table({ columns }: Board, lines: readonly Line[]): Markup {
  const isOn = lines.some(({ on }) => on !== undefined);
  return html`<div class="table"><table>
<thead><tr><th>system</th>${isOn ? html`<th class="words">on</th>` : ""}${columns.map((column) => html`<th>${headOf(column)}</th>`)}</tr></thead>
<tbody>${lines.map(
    (line) => html`<tr class="${line.family}"><td>${line.system}</td>${isOn ? html`<td class="words">${line.on ?? ""}</td>` : ""}${columns.map((column) => html`<td>${cell(line, column)}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

/** The spread in small type: the median is what is read first. */
function cell(line: Line, { key }: Column): Markup | string {
  const value = line.cells[key];
  const written = cellOf(line, key);
  if (value === undefined || typeof value === "string" || !written.includes(" (")) return written;
  return html`${amount(value.value)} <small>${written.slice(written.indexOf("("))}</small>`;
}
