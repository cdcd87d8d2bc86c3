/** Columns that add up to a whole, as the parts of one bar for each system. */
import { axisX, barX, text } from "@observablehq/plot";
import type { Board, Plot } from "../../board.ts";
import { amount } from "../amount.ts";
import { draw, textWidth } from "./draw.ts";
import { html, type Markup } from "./markup.ts";

export function parts(board: Board, { columns, label }: Extract<Plot, { kind: "parts" }>): Markup {
  const lines = board.lines.filter(({ missing }) => missing === undefined);
  const heads = columns.map((key) => board.columns.find((column) => column.key === key)?.head ?? key);
  const colour = (part: number): string => `var(--part-${part})`;
  const all = lines.flatMap(({ system, on, cells }, place) =>
    columns.map((key, part) => {
      const cell = cells[key];
      const value = typeof cell === "object" ? cell.value : 0;
      return { place, part, value, told: `${system}${on === undefined ? "" : ` · ${on}`}: ${amount(value)} ${heads[part]}` };
    }),
  );
  const names = lines.map(({ system, family, on }, place) => ({ place, name: on === undefined ? system : `${system} · ${on}`, ours: family === "espalier" }));
  const named = (ours: boolean) =>
    text(names.filter((one) => one.ours === ours), { y: "place", frameAnchor: "left", dx: -10, textAnchor: "end", text: "name", fontWeight: ours ? 650 : 400, fill: ours ? "var(--espalier-ink)" : "var(--ink)" });
  const drawn = draw(board.board, {
    height: lines.length * 23 + 52,
    marginLeft: Math.max(...names.map(({ name }) => textWidth(name))) + 16,
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
