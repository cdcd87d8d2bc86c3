#!/usr/bin/env node
/**
 * The lists of tests in docs/semantics.md: each guarantee names the tests that hold it, and they exist.
 *
 *   node docs/semantics.mjs            fails when a list is not what the tests are
 *   node docs/semantics.mjs --update   writes the lists anew
 *
 * A marker `<!-- tests: G1 L01 -->` asks for the tests of these ids. A test has an id if its title, or that of its suite,
 * begins with it (`L01: …`, `case G01: …`) or names it in parentheses (`… (G1)`), or if the first line of its file names it. A planted
 * mistake in tests/mutants/ has that of its file's name.
 *
 * Refused: a case that no test has, a marker without any test, an id of a test that no marker asks for, a list that is
 * out of date. A guarantee may be held by its cases alone.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const docs = dirname(fileURLToPath(import.meta.url));
const root = dirname(docs);
const page = join(docs, "semantics.md");

/** @typedef {{ file: string, title: string, ids: string[], suite?: Titled, whole?: boolean, tests: number }} Titled a test, a suite or a whole file, with the number of tests in it */

/** A title as it stands in the source; what is put in at run time shows as `…`. */
function readable(/** @type {string} */ quoted) {
  return quoted
    .slice(1, -1)
    .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…")
    .replaceAll(/\\(.)/g, "$1")
    .replaceAll(/…(?: …)+/g, "…");
}

/**
 * The suites and tests of a file. Which suite a test is in shows in its indentation.
 * @param {string} file
 */
function titlesIn(file) {
  const text = readFileSync(join(root, file), "utf8");
  const calls = /^( *)(test|it|scenario|describe)\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)/gm;
  /** @type {{ indent: number, suite: Titled }[]} */
  const open = [];
  /** @type {Titled[]} */
  const found = [];
  // The whole file is a suite if it says what it is about.
  const head = /^\/\*\* (.*?)(?: \*\/)?$/m.exec(text.slice(0, text.indexOf("\nimport")))?.[1] ?? "";
  const about = head.match(/\bG\d{1,2}\b/g) ?? [];
  /** @type {Titled} */
  const whole = { file, title: head, ids: about, whole: true, tests: 0 };
  if (about.length > 0) {
    found.push(whole);
    open.push({ indent: -1, suite: whole });
  }
  for (const [, indent = "", kind, quoted = ""] of text.matchAll(calls)) {
    while ((open.at(-1)?.indent ?? -2) >= indent.length) open.pop();
    const suite = open.at(-1)?.suite;
    const title = readable(quoted);
    /** @type {Titled} */
    const titled = { file, title, ids: [...idsOf(title), ...(suite?.ids ?? [])], ...(suite === undefined ? {} : { suite }), tests: 0 };
    found.push(titled);
    if (kind === "describe") open.push({ indent: indent.length, suite: titled });
    else for (const one of [titled, ...open.map(({ suite }) => suite)]) one.tests += 1;
  }
  return found;
}

/** What the model test has to find: one planted mistake for each guarantee. */
function mutants() {
  const folder = join(root, "tests", "mutants");
  return readdirSync(folder).flatMap((name) => {
    const [, number, mistake = ""] = /^g(\d\d)-(.*)\.ts$/.exec(name) ?? [];
    if (number === undefined) return [];
    const title = `the model test finds the planted mistake "${mistake.replaceAll("-", " ")}"`;
    return [{ file: `tests/mutants/${name}`, title, ids: [`G${Number(number)}`], tests: 1 }];
  });
}

/** @returns {Titled[]} */
function allTests() {
  const files = ["src", "tests"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.test\.[cm]?[jt]s$/.test(file) && !file.includes("node_modules"))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
  );
  return [...files.toSorted().flatMap(titlesIn), ...mutants()];
}

/**
 * `L01: …`, `G7, W05: …` and `… (G1)`, `… (G5, G6)`. The cases of generators, some of which are called as guarantees are, are
 * written `case G10: …` and have the id case-G10.
 */
function idsOf(/** @type {string} */ title) {
  const cases = /^(?:case G\d{2}(?:, )?)+(?=:)/.exec(title)?.[0].match(/G\d{2}/g);
  if (cases !== undefined && cases !== null) return cases.map((id) => `case-${id}`);
  const id = /\b(?:G\d{1,2}|[A-Z]\d{2})\b/g;
  const before = /^(?:(?:G\d{1,2}|[A-Z]\d{2})(?:,? (?:and )?)?)+(?=:)/.exec(title)?.[0] ?? "";
  const inside = [...title.matchAll(/\(([^()]*)\)/g)].map(([, text = ""]) => text).filter((text) => text.replaceAll(id, "").replaceAll(/[\s,;–-]/g, "") === "");
  return [before, ...inside].flatMap((text) => text.match(id) ?? []);
}

/** The line of a suite with all that is in it, or of one test. */
function line(/** @type {Titled} */ { title, suite, tests, ids }) {
  const whole = suite !== undefined && suite.whole !== true && (/^[\p{Ll}…]/u.test(title) || idsOf(title).length < ids.length) ? `${suite.title}: ${title}` : title;
  const marked = whole.replace(/\.$/, "").replaceAll(/([*_<>[\]])/g, String.raw`\$1`);
  return `  - ${marked}${tests > 1 ? ` (${tests} tests)` : ""}`;
}

/** The list that stands behind a marker: whole files and suites where they have an id, else tests. */
function list(/** @type {readonly Titled[]} */ held) {
  const shown = held.filter(({ suite, tests }) => tests > 0 && (suite === undefined || !held.includes(suite)));
  const lines = [...Map.groupBy(shown, ({ file }) => file)].flatMap(([file, titles]) => [
    `- [${file}](${relative(docs, join(root, file)).replaceAll("\\", "/")})`,
    ...titles.map(line),
  ]);
  const count = shown.reduce((sum, { tests }) => sum + tests, 0);
  return [`<details><summary>${count} ${count === 1 ? "test" : "tests"}</summary>`, "", ...lines, "", "</details>"].join("\n");
}

const tests = allTests();
const marker = /^<!-- tests: ([^>]*) -->$(?:\n<details>[\s\S]*?\n<\/details>$)?/gm;
const before = readFileSync(page, "utf8");
/** @type {Set<string>} */
const asked = new Set();
/** @type {string[]} */
const findings = [];

const after = before.replaceAll(marker, (_, /** @type {string} */ names) => {
  const ids = names.trim().split(/\s+/);
  for (const id of ids) {
    asked.add(id);
    if (!/^G\d/.test(id) && !tests.some((test) => test.ids.includes(id))) findings.push(`docs/semantics.md asks for ${id}, and no test has it`);
  }
  const held = tests.filter((test) => test.ids.some((id) => ids.includes(id)));
  if (held.length === 0) findings.push(`docs/semantics.md: no test holds ${ids[0]}`);
  return `<!-- tests: ${names} -->\n${list(held)}`;
});

const unasked = Map.groupBy(
  tests.flatMap(({ ids, file }) => ids.map((id) => ({ id, file }))).filter(({ id }) => !asked.has(id)),
  ({ id }) => id,
);
for (const [id, [first]] of unasked) findings.push(`${first?.file} holds ${id}, which docs/semantics.md asks for nowhere`);

if (process.argv.includes("--update")) writeFileSync(page, after);
else if (after !== before) findings.push("docs/semantics.md is not what the tests are: run node docs/semantics.mjs --update");

for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else console.log(`${asked.size} guarantees and cases, ${tests.filter(({ ids, tests }) => tests === 1 && ids.some((id) => asked.has(id))).length} tests`);
