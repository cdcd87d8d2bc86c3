#!/usr/bin/env node
/**
 * No test is left out in silence: whatever skips, postpones or singles out a test must stand in tests/skips.json, by file
 * and title, with the reason; what cannot run on some runtime, in tests/runtimes/skips.json. What stands there and is no longer in the tests is refused too, and so is every `only`.
 *
 *   node tools/skips.mjs
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./bootstrap/freshness.mjs";
import { isMain, root } from "./bootstrap/project.mjs";
import { readSkips, skipsFindings } from "./runtimes/skips.mjs";
import { parse, walk } from "./source/parse.mjs";

const list = "tests/skips.json";
const words = new Set(["skip", "todo", "only", "skipIf", "runIf", "fails", "failing", "expectFailure"]);
const definers = new Set(["test", "it", "describe", "suite"]);

/** @typedef {{ file: string, test: string, reason: string }} Listed */
/** @typedef {{ line: number, test: string, how: string }} Omission */
/** @typedef {import("./source/parse.mjs").Node} Node */

const isTest = (/** @type {string} */ file) => /\.test(-d)?\.[cm]?[jt]s$/.test(file);

/**
 * The plain name at the root of a callee: `test` of `test.skip.each(…)`.
 * @param {Node} callee
 * @returns {string | undefined}
 */
function rootName(callee) {
  if (callee.type === "Identifier") return callee["name"];
  if (callee.type === "MemberExpression") return rootName(callee["object"]);
  if (callee.type === "CallExpression") return rootName(callee["callee"]);
  return undefined;
}

/**
 * The title given to a call, or undefined.
 * @param {Node | undefined} call
 * @returns {string | undefined}
 */
function title(call) {
  const first = call?.["arguments"]?.[0];
  if (first?.type === "Literal" && typeof first.value === "string") return first.value;
  if (first?.type === "TemplateLiteral") return first.quasis.map((/** @type {Node} */ part) => part["value"].cooked).join("…");
  return undefined;
}

/** @param {Node} node @returns {string | undefined} */
const propertyName = (node) => (node["computed"] === true ? undefined : (node["key"] ?? node["property"])?.name ?? (node["key"] ?? node["property"])?.value);

/**
 * Every place of a test file where a test is skipped, postponed or singled out.
 * @param {string} file
 * @param {string} text
 * @returns {Omission[]}
 */
export function omissionsOf(file, text) {
  const { program, line } = parse(file, text);
  /** @type {Omission[]} */
  const found = [];
  walk(program, (node, ancestors) => {
    const isDefiner = (/** @type {Node | undefined} */ call) => call?.type === "CallExpression" && definers.has(rootName(call["callee"]) ?? "");
    const around = [...ancestors].reverse().find((call) => isDefiner(call) && title(call) !== undefined);
    const add = (/** @type {string | undefined} */ own, /** @type {string} */ how) =>
      found.push({ line: line(node.start), test: own ?? title(around) ?? "", how });
    if (node.type === "MemberExpression" && words.has(propertyName(node) ?? "")) {
      const owner = rootName(node);
      const call = ancestors.at(-1);
      // `test.skip(…)`, or `t.skip(…)` on the context of the test around.
      if (owner !== undefined && definers.has(owner)) add(call?.["callee"] === node ? title(call) : undefined, `${owner}.${propertyName(node)}`);
      else if (owner !== undefined && call?.["callee"] === node && isContext(owner, ancestors)) add(undefined, `${owner}.${propertyName(node)}()`);
    } else if (node.type === "Property" && words.has(propertyName(node) ?? "")) {
      const call = ancestors.at(-2);
      if (isDefiner(call) && call?.["arguments"]?.includes(ancestors.at(-1))) add(title(call), `the option ${propertyName(node)}`);
    }
  });
  return found;
}

/**
 * Whether a name is the first parameter of a function given to `test` or `it`.
 * @param {string} name
 * @param {readonly Node[]} ancestors
 */
function isContext(name, ancestors) {
  return ancestors.some((node, index) => {
    const call = ancestors[index - 1];
    return node["params"]?.[0]?.name === name && call?.type === "CallExpression" && call["arguments"].includes(node);
  });
}

/**
 * What is wrong: omissions without a place on the list, places without an omission, entries without a reason.
 * @param {ReadonlyMap<string, string>} tests texts by file
 * @param {readonly Listed[]} listed
 * @returns {string[]}
 */
export function skipFindings(tests, listed) {
  /** @type {string[]} */
  const findings = [];
  /** @type {Set<Listed>} */
  const used = new Set();
  for (const [file, text] of tests) {
    for (const { line, test, how } of omissionsOf(file, text)) {
      const entry = listed.find((candidate) => candidate.file === file && candidate.test === test);
      if (entry !== undefined) used.add(entry);
      if (/\bonly\b/.test(how)) findings.push(`${file}:${line} ${how} singles out "${test}": the other tests would not run`);
      else if (entry === undefined) findings.push(`${file}:${line} ${how} leaves out "${test}": run it, or give it a place in ${list} with the reason`);
    }
  }
  for (const entry of listed) {
    if (typeof entry.reason !== "string" || entry.reason.trim().length < 10) findings.push(`${list} gives no reason for "${entry.test}" of ${entry.file}`);
    if (!used.has(entry)) findings.push(`${list} has "${entry.test}" of ${entry.file}, which is no longer left out: take it off`);
  }
  return findings;
}

if (isMain(import.meta.url)) {
  const files = ["src", "tests", "tools", "benches", "examples", "lint"].flatMap((place) => filesBelow(root, place)).filter(isTest);
  const tests = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  /** @type {Listed[]} */
  const listed = existsSync(join(root, list)) ? JSON.parse(readFileSync(join(root, list), "utf8")) : [];
  const findings = [...skipFindings(tests, listed), ...skipsFindings(readSkips())];
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${files.length} test files, ${listed.length} tests left out with a reason`);
}
