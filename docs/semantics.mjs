#!/usr/bin/env node
/**
 * The lists of tests in docs/semantics.md: each guarantee names the tests that hold it, and they exist.
 *
 *   node docs/semantics.mjs            fails when a list is not what the tests are
 *   node docs/semantics.mjs --update   writes the lists anew
 *
 * A marker `<!-- tests: G1 L01 -->` asks for the tests of these ids. A test has an id if its title begins with it
 * (`L01: …`) or names it in parentheses (`… (G1)`).
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

/** @typedef {{ file: string, title: string, ids: string[] }} Titled */

/** Every title in a test file, as it stands in the source; what is put in at run time shows as `…`. */
function titlesIn(/** @type {string} */ file) {
  const text = readFileSync(join(root, file), "utf8");
  const calls = /\b(?:test|it|scenario|describe)\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)/g;
  return [...text.matchAll(calls)].map(([, quoted = ""]) =>
    quoted
      .slice(1, -1)
      .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…")
      .replaceAll(/\\(.)/g, "$1")
      .replaceAll(/…(?: …)+/g, "…"),
  );
}

/** @returns {Titled[]} */
function allTests() {
  const files = ["src", "tests"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.test\.[cm]?[jt]s$/.test(file) && !file.includes("node_modules"))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
  );
  return files.toSorted().flatMap((file) => titlesIn(file).map((title) => ({ file, title, ids: idsOf(title) })));
}

/** `L01: …`, `G7, W05: …` and `… (G1)`, `… (G5, G6)`. */
function idsOf(/** @type {string} */ title) {
  const id = /\b(?:G\d{1,2}|[A-Z]\d{2})\b/g;
  const before = /^(?:(?:G\d{1,2}|[A-Z]\d{2})(?:,? (?:and )?)?)+(?=:)/.exec(title)?.[0] ?? "";
  const inside = [...title.matchAll(/\(([^()]*)\)/g)].map(([, text = ""]) => text).filter((text) => text.replaceAll(id, "").replaceAll(/[\s,;–-]/g, "") === "");
  return [before, ...inside].flatMap((text) => text.match(id) ?? []);
}

/** The list that stands behind a marker. */
function list(/** @type {readonly Titled[]} */ tests) {
  const byFile = Map.groupBy(tests, ({ file }) => file);
  const lines = [...byFile].flatMap(([file, titles]) => [
    `- [${file}](${relative(docs, join(root, file)).replaceAll("\\", "/")})`,
    ...titles.map(({ title }) => `  - ${title.replaceAll(/([*_<>[\]])/g, String.raw`\$1`)}`),
  ]);
  const count = `${tests.length} ${tests.length === 1 ? "test" : "tests"}`;
  return [`<details><summary>${count}</summary>`, "", ...lines, "", "</details>"].join("\n");
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
    if (!id.startsWith("G") && !tests.some((test) => test.ids.includes(id))) findings.push(`docs/semantics.md asks for ${id}, and no test has it`);
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
else console.log(`${asked.size} guarantees and cases, ${tests.filter(({ ids }) => ids.some((id) => asked.has(id))).length} tests`);
