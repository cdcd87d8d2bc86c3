#!/usr/bin/env node
/**
 * Holds the direction of the house: a folder of src/ imports only folders listed above it in the one table below.
 *
 * Promises, for every source that is no test (`*.test.ts`, `*.test-d.ts`):
 *   1. Each file lies in a layer of the table.
 *   2. It imports only its own layer and layers above, types included.
 *   3. No file imports itself, directly or around a corner.
 *   4. Only layers that say so import `node:` modules or packages.
 *   5. Nothing reaches out of src/.
 *
 *   node tools/layers.mjs            checks src/
 *   node tools/layers.mjs --graph    prints the layers and who uses whom, as a Mermaid graph
 */
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import { filesBelow } from "./bootstrap/freshness.mjs";
import { isMain, root } from "./bootstrap/project.mjs";
import { importsOf } from "./source/imports.mjs";

/**
 * @typedef {object} Layer
 * @property {string} path       folder or file of src/; the longest that fits a file is its layer
 * @property {boolean} [node]    may import `node:` modules
 * @property {boolean} [packages] may import packages
 * @property {readonly string[]} [never] layers above that it leaves alone all the same
 */

/** @type {readonly Layer[]} */
export const layers = [
  { path: "errors" },
  { path: "ports" },
  { path: "scope" },
  { path: "host", node: true },
  { path: "task" },
  { path: "lowlevel.ts" },
  { path: "inspect", node: true },
  { path: "diagnostics", node: true },
  { path: "sync" },
  { path: "channel" },
  { path: "flow" },
  { path: "context", node: true },
  { path: "executor", node: true },
  { path: "executor/threads", node: true },
  { path: "executor/processes", node: true },
  { path: "executor/cluster", node: true, packages: true },
  { path: "debug", node: true },
  // Names only, for every platform: what needs one has a subpath of its own.
  { path: "index.ts", never: ["context", "executor", "executor/threads", "executor/processes", "executor/cluster", "inspect"] },
  { path: "testing" },
  { path: "interop", node: true, packages: true },
  { path: "cli", node: true, packages: true },
];

/** @typedef {{ file: string, line?: number, message: string }} Finding */
/** @typedef {{ from: string, to: string, line: number }} Edge */

const isTest = (/** @type {string} */ file) => /\.test(-d)?\.[cm]?ts$/.test(file);
const isSource = (/** @type {string} */ file) => /\.(?:[cm]?ts|tsx)$/.test(file) && !isTest(file);

/**
 * @param {readonly Layer[]} table
 * @param {string} file relative to src/
 */
function layerOf(table, file) {
  return table
    .filter(({ path }) => file === path || file.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/**
 * What the specifiers that the package gives its own files stand for: `#host`, and its own name with its subpaths.
 * @param {{ name?: string, exports?: object, imports?: object }} manifest
 * @returns {Map<string, string[]>} files relative to the root
 */
function ownSpecifiers(manifest) {
  /** @type {Map<string, string[]>} */
  const names = new Map();
  const sources = (/** @type {unknown} */ target) => {
    /** @type {string[]} */
    const found = [];
    const visit = (/** @type {unknown} */ value) => {
      if (typeof value === "string") {
        if (value.startsWith("./src/")) found.push(value.slice(2));
      } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
    };
    visit(target);
    return [...new Set(found)];
  };
  for (const [key, target] of Object.entries(manifest.imports ?? {})) names.set(key, sources(target));
  for (const [key, target] of Object.entries(manifest.exports ?? {})) names.set(`${manifest.name ?? ""}${key.slice(1)}`, sources(target));
  return names;
}

/**
 * The circles among files, each named once, by its files in the order of import.
 * @param {readonly Edge[]} edges
 */
export function cycles(edges) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  /** @type {string[][]} */
  const found = [];
  const done = new Set();
  /** @type {string[]} */
  const path = [];
  const visit = (/** @type {string} */ file) => {
    const at = path.indexOf(file);
    if (at !== -1) {
      found.push(path.slice(at));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const target of next.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of [...next.keys()].sort()) visit(file);
  return found;
}

/**
 * Every import between files of src/ of a project, and everything that breaks a rule.
 * @param {string} project
 * @param {readonly Layer[]} [table]
 * @returns {{ files: string[], edges: Edge[], findings: Finding[] }}
 */
export function examine(project, table = layers) {
  const files = filesBelow(project, "src").filter(isSource);
  const names = ownSpecifiers(JSON.parse(readFileSync(join(project, "package.json"), "utf8")));
  /** @type {Edge[]} */
  const edges = [];
  /** @type {Finding[]} */
  const findings = [];
  for (const file of files) {
    const layer = layerOf(table, file.slice("src/".length));
    if (layer === undefined) {
      findings.push({ file, message: `lies in no layer: give its folder a place in the table of tools/layers.mjs` });
      continue;
    }
    for (const { specifier, line } of importsOf(file, readFileSync(join(project, file), "utf8"))) {
      const targets = specifier.startsWith(".") ? [posix.join(posix.dirname(file), specifier)] : names.get(specifier);
      if (targets !== undefined) edges.push(...targets.map((to) => ({ from: file, to, line })));
      else if (isBuiltin(specifier)) {
        if (layer.node !== true) findings.push({ file, line, message: `imports ${specifier}: ${layer.path} knows no platform; what it needs of one goes through ports/` });
      } else if (layer.packages !== true) findings.push({ file, line, message: `imports ${specifier}: ${layer.path} depends on no package` });
    }
  }
  for (const edge of edges) findings.push(...edgeFindings(edge, table, project));
  for (const circle of cycles(edges)) {
    findings.push({ file: circle[0] ?? "", message: `imports itself: ${[...circle, circle[0]].join(" → ")}` });
  }
  return { files, edges, findings };
}

/**
 * @param {Edge} edge
 * @param {readonly Layer[]} table
 * @param {string} project
 * @returns {Finding[]}
 */
function edgeFindings({ from, to, line }, table, project) {
  const layer = layerOf(table, from.slice("src/".length));
  if (layer === undefined) return [];
  if (!to.startsWith("src/")) return [{ file: from, line, message: `imports ${to}, outside of src/` }];
  if (!existsSync(join(project, to))) return [{ file: from, line, message: `imports ${to}, which does not exist` }];
  if (isTest(to)) return [{ file: from, line, message: `imports the test ${to}` }];
  const target = layerOf(table, to.slice("src/".length));
  if (target === undefined) return [];
  const above = table.slice(0, table.indexOf(layer)).filter(({ path }) => !(layer.never ?? []).includes(path));
  if (target === layer || above.includes(target)) return [];
  const allowed = above.map(({ path }) => path).join(", ");
  return [{ file: from, line, message: `imports ${to}: ${layer.path} may import ${allowed === "" ? "nothing" : `only ${allowed}`}` }];
}

/**
 * The layers that have files and who uses whom, without what follows from the rest. Only for a tree without findings.
 * @param {readonly Edge[]} edges
 * @param {readonly Layer[]} [table]
 */
export function graph(edges, table = layers) {
  /** @type {Map<string, Set<string>>} */
  const uses = new Map();
  for (const { from, to } of edges) {
    const [user, used] = [from, to].map((file) => layerOf(table, file.slice("src/".length))?.path);
    if (user === undefined || used === undefined || user === used) continue;
    uses.set(user, (uses.get(user) ?? new Set()).add(used));
  }
  /** @type {(from: string, to: string) => boolean} */
  const reaches = (from, to) =>
    [...(uses.get(from) ?? [])].some((middle) => middle === to || reaches(middle, to));
  const lines = [...uses].flatMap(([user, used]) =>
    [...used].filter((one) => ![...used].some((other) => other !== one && reaches(other, one))).map((one) => `  ${user} --> ${one}`),
  );
  return ["graph TD", ...lines.sort()].join("\n");
}

if (isMain(import.meta.url)) {
  const { files, edges, findings } = examine(root);
  if (findings.length === 0 && process.argv.includes("--graph")) console.log(graph(edges));
  else if (findings.length === 0) console.log(`${files.length} files, ${edges.length} imports, all downwards, no cycle`);
  else {
    for (const { file, line, message } of findings) console.error(`${file}${line === undefined ? "" : `:${line}`} ${message}`);
    process.exitCode = 1;
  }
}
