/** Figures and compared builds: their ratios drawn, and the table under them. */
import { type Figure, type Missing, verdict } from "../../row.ts";
import type { Compared } from "../../revision.ts";
import { amount } from "../amount.ts";
import { difference } from "../compared-table.ts";
import { goal, quotient } from "../table.ts";
import { html, type Markup } from "./markup.ts";
import { ratiosOfBuilds, ratiosOfFigures } from "./ratios.ts";

export function figuresFigure(all: readonly (Figure | Missing)[]): Markup {
  const figures = all.filter((figure): figure is Figure => !("missing" in figure));
  const missing = all.filter((figure): figure is Missing => "missing" in figure);
  const drawn = figures.some(({ ratio }) => ratio !== undefined) ? html`<div class="drawing">${ratiosOfFigures(figures)}</div>` : "";
  return html`<figure>
${drawn}
${missing.length === 0 ? "" : html`<ul class="notes">${missing.map(({ what, missing }) => html`<li>Not measured, ${what}: ${missing}.</li>`)}</ul>`}
<details><summary>All figures</summary><div class="table"><table>
<thead><tr><th>what</th><th>N</th><th class="words">espalier</th><th class="words">beside</th><th>ratio</th><th>reach</th><th>verdict</th></tr></thead>
<tbody>${figures.map(figureRow)}</tbody></table></div></details>
</figure>`;
}

function figureRow(figure: Figure): Markup {
  const { what, items, unit, ours, beside, ratio, reach } = figure;
  const side = (one: typeof beside): string => (one === undefined ? "" : `${amount(one.value)} ${unit}, ${one.name}`);
  return html`<tr><td class="words">${what}</td><td>${items?.toLocaleString("en") ?? ""}</td><td class="words">${side(ours)}</td><td class="words">${side(beside)}</td><td>${ratio === undefined ? "" : quotient(ratio)}</td><td>${reach === undefined ? "" : goal(reach, unit)}</td><td class="${verdict(figure)}">${verdict(figure)}</td></tr>
`;
}

const words = { less: "less", more: "more", none: "–" } as const;
const classes = { less: "reached", more: "short", none: "" } as const;

export function comparedFigure(base: string, compared: readonly Compared[]): Markup {
  return html`<figure>
<figcaption><h3>Head beside base</h3><p>Base: ${base}. Every way with both builds in each round; what no build changes shows how far chance goes.</p></figcaption>
${compared.length === 0 ? html`<p>Nothing of this suite is measured in a way that can be compared.</p>` : html`<div class="drawing">${ratiosOfBuilds(compared)}</div>`}
<details><summary>All figures</summary><div class="table"><table>
<thead><tr><th>row</th><th class="words">way</th><th>base</th><th>head</th><th>head ÷ base</th><th>head is</th></tr></thead>
<tbody>${compared.map((one) => html`<tr><td>${one.row}</td><td class="words">${one.way}</td><td>${amount(one.base)}</td><td>${amount(one.head)}</td><td>${quotient(one.ratio)}</td><td class="${classes[difference(one)]}">${words[difference(one)]}</td></tr>
`)}</tbody></table></div></details>
</figure>`;
}
