#!/usr/bin/env node
/**
 * Figures in documents are those of benches/README.md: a document names the one it means, and this draws it in.
 *
 *   node tools/figures.mjs             fails when a document says another figure than was measured, or names none
 *   node tools/figures.mjs --update    writes them anew: after `npm run bench -- <suite> --write`
 *
 * A figure stands between two comments, the first with its suite, what tells its row, and its column, by ` · `:
 *
 *   <!-- figure: sync · a list through a function, ten at a time · p-map … · ratio -->0.777 (0.707–0.97)<!-- /figure -->
 *
 * What tells a row are whole cells of it, or what stands in them behind an amount (`0.541 µs, p-map 7.1.1`), or the title of its
 * table; `…` stands for anything. One row must have all of them. Of a suite that has not been kept there yet it says `–`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./bootstrap/freshness.mjs";
import { isMain, root } from "./bootstrap/project.mjs";

const source = "benches/README.md";
const markers = /(<!-- figure: ([^>]*?) -->)([^<]*)(<!-- \/figure -->)/g;
const separator = " · ";
const notYet = "–";

/** @typedef {{ title: string, cells: ReadonlyMap<string, string> }} Row */

/**
 * The rows of a suite's tables, each by the heads of its columns.
 * @param {string} text
 * @param {string} suite
 * @returns {Row[]}
 */
export function rowsOf(text, suite) {
  const section = new RegExp(`<!-- figures of ${suite} -->([^]*?)<!-- end of ${suite} -->`).exec(text)?.[1] ?? "";
  /** @type {Row[]} */
  const rows = [];
  let title = "";
  /** @type {string[] | undefined} */
  let heads;
  for (const line of section.split("\n")) {
    title = /^\*\*(.+?)\.?\*\*/.exec(line)?.[1] ?? title;
    if (!line.startsWith("|")) {
      heads = undefined;
      continue;
    }
    const cells = line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("**", ""));
    if (heads === undefined) heads = cells;
    else if (!/^-+:?$/.test(cells[0] ?? "")) rows.push({ title, cells: new Map(heads.map((head, at) => [head, cells[at] ?? ""])) });
  }
  return rows;
}

/** @param {string} text @param {string} pattern */
function matches(text, pattern) {
  const quoted = pattern.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^(?:\\S+(?: \\S+)?, )?${quoted.join(".*")}$`).test(text);
}

/**
 * The figure that a marker asks for. Throws where there is none, or more than one.
 * @param {string} text of the tables
 * @param {string} marker
 */
export function figureOf(text, marker) {
  const [suite = "", ...parts] = marker.split(separator);
  const column = parts.pop() ?? "";
  const all = rowsOf(text, suite);
  if (all.length === 0 && existsSync(join(root, "benches", suite, "suite.ts"))) return notYet;
  if (all.length === 0) throw new Error(`there is no suite ${suite}`);
  const found = all.filter(({ title, cells }) => parts.every((part) => [title, ...cells.values()].some((cell) => matches(cell, part))));
  if (found.length !== 1) throw new Error(`${found.length} rows of ${suite} have ${parts.join(", and ")}`);
  const cells = found[0]?.cells ?? new Map();
  const head = [...cells.keys()].find((one) => one === column || one.startsWith(`${column} (`) || one.startsWith(`${column}, `));
  const cell = cells.get(head ?? "") ?? "";
  if (cell === "") throw new Error(`that row of ${suite} has nothing for "${column}": it has ${[...cells.keys()].join(", ")}`);
  // Behind the amount stands whose it is.
  return column === "espalier" || column === "beside" ? (cell.split(", ")[0] ?? "") : cell;
}

/**
 * A document with its figures, how many they are, how many have not been measured yet, and what is wrong.
 * @param {string} document
 * @param {string} text of the tables
 */
export function withFigures(document, text) {
  /** @type {string[]} */
  const findings = [];
  let [count, missing] = [0, 0];
  const drawn = document.replaceAll(markers, (whole, begin, marker, said, end) => {
    count += 1;
    try {
      const figure = figureOf(text, marker);
      if (figure === notYet) missing += 1;
      if (said !== figure) findings.push(`it says ${said === "" ? "nothing" : said} where ${source} has ${figure}: ${marker}`);
      return `${begin}${figure}${end}`;
    } catch (error) {
      findings.push(`${error instanceof Error ? error.message : String(error)}: ${marker}`);
      return whole;
    }
  });
  return { drawn, count, missing, findings };
}

if (isMain(import.meta.url)) {
  const text = readFileSync(join(root, source), "utf8");
  const updating = process.argv.includes("--update");
  let [all, open] = [0, 0];
  for (const file of ["README.md", ...filesBelow(root, "docs")].filter((name) => name.endsWith(".md"))) {
    const document = readFileSync(join(root, file), "utf8");
    const { drawn, count, missing, findings } = withFigures(document, text);
    if (updating && drawn !== document) writeFileSync(join(root, file), drawn);
    const left = updating ? withFigures(drawn, text).findings : findings;
    for (const finding of left) console.error(`${file}: ${finding}`);
    if (left.length > 0) process.exitCode = 1;
    all += count;
    open += missing;
  }
  if (process.exitCode === 1) console.error(updating ? "Name a figure that there is." : "Run: node tools/figures.mjs --update");
  else console.log(`${all} figures, as they were measured${open === 0 ? "" : `, but ${open} that were not yet`}`);
}
