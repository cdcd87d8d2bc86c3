/** Columns that add up to a whole, as the parts of one bar for each system. */
import { axisX, barX, text } from "@observablehq/plot";
import type { Board, Plot } from "../../board.ts";
import { amount } from "../amount.ts";
import { draw, nameInPlot, textWidth } from "./draw.ts";
import { html, type Markup } from "./markup.ts";

export function parts(board: Board, { columns, label }: Extract<Plot, { kind: "parts" }>): Markup {
  const lines = board.lines.filter(({ missing }) => missing === undefined);
  const heads = columns.map((key) => board.columns.find((column) => column.key === key)?.head ?? key);
  const colour = (part: number): string => `var(--part-${part})`;
  const all = lines.flatMap((line, place) =>
    columns.map((key, part) => {
      const cell = line.cells[key];
      const value = typeof cell === "object" ? cell.value : 0;
      return { place, part, value, told: `${nameInPlot(line)}: ${amount(value)} ${heads[part]}` };
    }),
  );
  const names = lines.map((line, place) => ({ place, name: nameInPlot(line), ours: line.family === "espalier" }));
  const named = (ours: boolean) =>
    text(names.filter((one) => one.ours === ours), { y: "place", frameAnchor: "left", dx: -10, textAnchor: "end", text: "name", fontWeight: ours ? 650 : 400, fill: ours ? "var(--espalier-ink)" : "var(--ink)" });
  const drawn = draw(board.board, {
    height: lines.length * 23 + 52,
    marginLeft: Math.max(...names.map(({ name, ours }) => textWidth(name, ours))) + 16,
    marginRight: 24,
    marginTop: 6,
    marginBottom: 42,
    x: { label: null },
    y: { type: "band", axis: null, domain: lines.map((_, place) => place) },
    marks: [
      axisX({ tickFormat: amount, tickSize: 0, label, labelAnchor: "center", labelArrow: "none", labelOffset: 38 }),
      barX(all, { x: "value", y: "place", fill: ({ part }: { part: number }) => colour(part), insetTop: 4, insetBottom: 4, title: "told" }),
      named(true),
      named(false),
    ],
  });
  return html`<ul class="key">${heads.map((head, part) => html`<li><i style="background:${colour(part)}"></i>${head}</li>`)}</ul>${drawn}`;
}
