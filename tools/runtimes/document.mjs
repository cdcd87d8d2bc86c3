/** docs/runtimes.md: on which runtimes the suite passes, and what is left out there, with the reasons. */
import { notForBrowsers, subpaths, targets, chosen } from "./targets.mjs";

/** @typedef {import("./run.mjs").Run} Run */
/** @typedef {import("./skips.mjs").Skip} Skip */

export const page = "docs/runtimes.md";

const head = `# Runtimes

<!-- Written by npm run test:runtimes -- --update, from tests/runtimes/skips.json and what ran. -->

One suite holds on every runtime: the cases of the specification, the random programs beside their models, and the
executors. It runs on the built package, as each runtime resolves it. Counts are those of the last \`--update\`.

`;

/** What cannot be known without a run: version, passed. */
const cells = /^\| (?<title>[^|]+) \| (?<version>[\d.]+|–) \| (?<passed>[\d,]+|–) \|/;

/**
 * The rows that were written last, by title: a runtime that did not run keeps its own.
 * @param {string} written
 * @returns {Map<string, { version: string, passed: string }>}
 */
function rowsOf(written) {
  const rows = new Map();
  for (const line of written.split("\n")) {
    const found = cells.exec(line)?.groups;
    if (found !== undefined) rows.set(found["title"], { version: found["version"], passed: found["passed"] });
  }
  return rows;
}

/** @param {readonly Skip[]} skips @param {string} name */
function missingOn(skips, name) {
  const found = skips.filter(({ runtimes, missing }) => missing !== undefined && chosen(runtimes).some((target) => target.name === name)).map(({ missing }) => missing);
  return [...new Set(found)].join("; ") || "nothing";
}

/**
 * The document.
 * @param {readonly Skip[]} skips
 * @param {readonly Run[]} runs those of now
 * @param {string} written the document as it was
 * @returns {string}
 */
export function document(skips, runs, written) {
  const before = rowsOf(written);
  const rows = targets.map(({ name, title }) => {
    const run = runs.find(({ target }) => target.name === name);
    const { version, passed } = run === undefined ? (before.get(title) ?? { version: "–", passed: "–" }) : { version: run.version, passed: run.passed.toLocaleString("en") };
    const left = skips.filter(({ runtimes }) => chosen(runtimes).some((target) => target.name === name)).length;
    return `| ${title} | ${version} | ${passed} | ${left} | ${missingOn(skips, name)} |`;
  });
  const table = ["| runtime | version | passed | left out | what users miss there |", "|---|---|---|---|---|", ...rows].join("\n");
  return `${head}${table}\n\n${importable()}\n${leftOut(skips)}`;
}

/** Which subpaths can be imported where. */
function importable() {
  const without = [...notForBrowsers].map(([path, why]) => `\`${path}\` (${why})`).join(", ");
  const all = subpaths().map((path) => `\`${path}\``).join(", ");
  return `Every runtime imports ${all}; browsers all but ${without}. A bundle for browsers contains no \`node:\` import\nand no stand-in for a module of Node.js.\n`;
}

/** @param {readonly Skip[]} skips */
function leftOut(skips) {
  const lines = skips.map(({ file, test, runtimes, reason }) => `| ${runtimes.join(", ")} | ${file.includes("*") ? `\`${file}\`` : `[${file}](../${file})`}${test === undefined ? "" : `: ${test.replaceAll("|", "\\|")}`} | ${reason} |`);
  return ["## What is left out, and why", "", "| where | what | why |", "|---|---|---|", ...lines, ""].join("\n");
}

/**
 * Whether two documents differ in what does not depend on a run.
 * @param {string} written
 * @param {string} text
 */
export function differs(written, text) {
  const settled = (/** @type {string} */ one) => one.split("\n").map((line) => line.replace(cells, "| $<title> | |")).join("\n");
  return settled(written) !== settled(text);
}
