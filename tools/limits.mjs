#!/usr/bin/env node
/**
 * Small files with one job: refuses files over 400 lines, functions over 60, and names that say nothing.
 *
 * A decision record in docs/decisions/ that names the file (its path from the root) lifts the limits for it. In tests only
 * the file counts: a `describe` is a function around many small ones. Nothing lifts the refusal of a name.
 *
 *   node tools/limits.mjs
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { filesBelow } from "./bootstrap/freshness.mjs";
import { isMain, root } from "./bootstrap/project.mjs";
import { parse, walk } from "./source/parse.mjs";

export const fileLimit = 400;
export const functionLimit = 60;

const places = ["src", "tests", "tools", "benches", "examples", "lint"];
const refused = /^(utils?|helpers?|common|misc)$|^(types|constants)\.[cm]?[jt]s$/;
const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

const isCode = (/** @type {string} */ file) => /\.(?:[cm]?[jt]s|tsx)$/.test(file);
const isTest = (/** @type {string} */ file) => /\.test(-d)?\.[cm]?[jt]s$/.test(file) || file.startsWith("tests/");

/** @typedef {{ file: string, line?: number, message: string }} Finding */

/**
 * The words of a path that name nothing: folders, and the file with and without its endings.
 * @param {string} file
 */
export function refusedName(file) {
  const stem = basename(file).replace(/(\.test)?(-d)?(\.d)?\.[cm]?[jt]s$/, "");
  return [...file.split("/"), stem].find((word) => refused.test(word));
}

/**
 * What a function is called, from itself or from what it is given to.
 * @param {import("./source/parse.mjs").Node} node
 * @param {import("./source/parse.mjs").Node | undefined} parent
 */
function functionName(node, parent) {
  const named = node["id"] ?? parent?.["id"] ?? parent?.["key"];
  return named?.name ?? named?.value ?? "a function";
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {Finding[]}
 */
export function lengthFindings(file, text) {
  /** @type {Finding[]} */
  const findings = [];
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines > fileLimit) findings.push({ file, message: `has ${lines} lines (at most ${fileLimit}): split it, or say in docs/decisions/ why not` });
  if (isTest(file)) return findings;
  const { program, line } = parse(file, text);
  walk(program, (node, ancestors) => {
    if (!functions.has(node.type)) return;
    const length = line(node.end - 1) - line(node.start) + 1;
    if (length <= functionLimit) return;
    const name = functionName(node, ancestors.at(-1));
    findings.push({ file, line: line(node.start), message: `${name} has ${length} lines (at most ${functionLimit}): split it, or say in docs/decisions/ why not` });
  });
  return findings;
}

/**
 * @param {string} project
 * @returns {{ files: number, findings: Finding[] }}
 */
export function examine(project) {
  const files = places.flatMap((place) => filesBelow(project, place)).filter((file) => isCode(file) && !file.includes("/dist/"));
  const records = filesBelow(project, "docs/decisions").map((file) => readFileSync(join(project, file), "utf8"));
  const findings = files.flatMap((file) => {
    const name = refusedName(file);
    const naming = name === undefined ? [] : [{ file, message: `is called "${name}", which says nothing: name it after what it is; a type lives with its owner` }];
    if (records.some((text) => text.includes(file))) return naming;
    return [...naming, ...lengthFindings(file, readFileSync(join(project, file), "utf8"))];
  });
  return { files: files.length, findings };
}

if (isMain(import.meta.url)) {
  const { files, findings } = examine(root);
  for (const { file, line, message } of findings) console.error(`${file}${line === undefined ? "" : `:${line}`} ${message}`);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${files} files of at most ${fileLimit} lines, with functions of at most ${functionLimit}`);
}
