/** What was found as one page: no script, nothing from elsewhere, so it can be opened from a disk and sent to others. */
import { type Figure, isBoard, type Missing } from "../../row.ts";
import { type Judgement, judge, noiseSentence, type Report } from "../report.ts";
import { boardFigure } from "./board-figure.ts";
import { comparedFigure, figuresFigure } from "./figures-figure.ts";
import { html, Markup } from "./markup.ts";
import { style } from "./style.ts";

const title = "espalier, measured";

export function page(reports: readonly Report[]): string {
  const described = reports[0];
  if (described === undefined) throw new Error("there is nothing to draw: no suite was measured");
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(style)}</style>
<header>
${colours}
<h1>${title}</h1>
<p class="quiet">${described.espalier} · medians of the rounds; spreads are the 10th to the 90th percentile</p>
${machine(described)}
</header>
<nav><ul>${reports.map(({ suite }) => html`<li><a href="#${suite}">${suite}</a></li>`)}</ul></nav>
<main>
${reports.map(section)}
</main>
<footer>
<p>Absolute figures are this machine's. What holds elsewhere is who is before whom, where the spreads are apart; the commands under the headings show it on yours.</p>
</footer>
</html>
`.text;
}

const colours = html`<fieldset class="colours">
<label><input type="radio" name="colours" checked>system</label><label><input type="radio" name="colours" id="light">light</label><label><input type="radio" name="colours" id="dark">dark</label>
</fieldset>`;

function machine({ machine: { date, cpu, cores, system, runtime, load } }: Report): Markup {
  const facts = [
    ["machine", `${cpu}, ${cores} cores, ${system}`],
    ["runtime", runtime],
    ["measured on", date],
    ["load before", `${load}`],
  ];
  return html`<dl class="machine">${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`;
}

const noiseClass: Readonly<Record<Judgement, string>> = { "quiet": "quiet-machine", "somewhat noisy": "some", "noisy": "much" };

function section({ suite, about, quick, clock, machine, findings, noise, base, compared = [] }: Report): Markup {
  const all = Object.values(noise);
  const judgement = judge(Math.max(1, ...all.map(({ high }) => high)));
  const figures = findings.filter((finding): finding is Figure | Missing => !isBoard(finding));
  return html`<section id="${suite}">
<h2>${suite}</h2>
<p>${about}</p>
<p class="quiet"><code>npm run bench ${suite}</code> · ${machine.date} · load ${machine.load} before it began${clock === "cpu" ? " · by the processor time of the thread" : ""} · <span class="noise ${noiseClass[judgement]}" title="${noiseSentence(all)}">${judgement}</span></p>
${quick ? html`<p class="warning">A quick look: everything ran, and no figure means anything.</p>` : ""}
${findings.filter(isBoard).map(boardFigure)}
${figures.length === 0 ? "" : figuresFigure(figures)}
${base === undefined ? "" : comparedFigure(base, compared)}
</section>`;
}
