/**
 * The tables of docs/guide/coming-from-*.md against the lines that are run.
 *
 *   1. A row shows parts of the programs of a line, ours and theirs: so it names nothing that does not exist, or does not run.
 *   2. Each line of a guide is shown.
 *   3. Where the two sides say different things, or one has nothing like it, the row tells the difference.
 */
import { type Guide, type Line, theirsOf } from "./line.ts";

/** Those whose side is not run: the row has what the line has, word for word. */
const unrun: readonly Guide[] = ["kotlin", "go"];

interface Row {
  readonly text: string;
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
  readonly difference: string;
}

/** The rows of the tables whose second column is ours. */
export function rowsOf(markdown: string): Row[] {
  const rows: Row[] = [];
  let isOurs = false;
  for (const text of markdown.split("\n")) {
    const cells = text.startsWith("|") ? text.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()) : [];
    const [theirs = "", ours = "", difference = ""] = cells;
    if (cells.length === 0) isOurs = false;
    else if (ours === "espalier") isOurs = true;
    else if (isOurs && !/^-+:?$/.test(theirs)) rows.push({ text, theirs: codeIn(theirs), ours: codeIn(ours), difference });
  }
  return rows;
}

function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replaceAll("\\|", "|"));
}

/** Without what a formatter puts in, and what is left of types: breaks, indents, trailing commas. */
function plain(code: string): string {
  return code.replaceAll(/\s+/g, " ").replaceAll(/, ?([)\]}])/g, "$1").replaceAll(/([([]) /g, "$1").replaceAll(/ ([()\]])/g, "$1").replaceAll(/ ?, /g, ",").replaceAll("=> ", "=>");
}

/** Whether a program has each part in it; `…` stands for anything. */
function has(program: unknown, parts: readonly string[]): boolean {
  const source = plain(String(program));
  return parts.every((part) => new RegExp(plain(part).split("…").map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^]*?")).test(source));
}

/** Whether a line has what a row shows. */
function fits(line: Line, row: Row, guide: Guide): boolean {
  const theirs = theirsOf(line, guide);
  if (row.ours.length > 0 && (line.ours === undefined || !has(line.ours, row.ours))) return false;
  if (row.theirs.length === 0) return row.ours.length > 0;
  if (theirs === undefined) return false;
  return unrun.includes(guide) ? row.theirs.join(" ") === theirs.code : has(theirs.code, row.theirs);
}

/** What is wrong with a page. */
export function findingsOf(guide: Guide, markdown: string, lines: readonly Line[]): string[] {
  const rows = rowsOf(markdown);
  const findings = rows.length === 0 ? ["it has no table whose second column is espalier"] : [];
  const shown = new Set<Line>();
  for (const row of rows) {
    const fitting = lines.filter((line) => fits(line, row, guide));
    for (const line of fitting) shown.add(line);
    if (fitting.length === 0) findings.push(`no line is run for ${row.text}`);
    const isOneSided = row.theirs.length === 0 || row.ours.length === 0;
    const differs = (line: Line): boolean => !unrun.includes(guide) && String(theirsOf(line, guide)?.says ?? line.says) !== String(line.says);
    if ((isOneSided || (fitting.length > 0 && fitting.every(differs))) && row.difference === "") findings.push(`${row.text} does not tell what is different`);
  }
  for (const line of lines) {
    if (theirsOf(line, guide) !== undefined && !shown.has(line)) findings.push(`no row shows "${line.title}"`);
  }
  return findings;
}
