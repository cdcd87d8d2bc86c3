/**
 * The runtimes that the suite passes on. Node.js, Bun and Deno come from npm, pinned in package.json; Chromium is Debian's.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../bootstrap/project.mjs";

/**
 * @typedef {object} Target
 * @property {string} name what it is called on the command line and in skips.json
 * @property {string} title
 * @property {readonly string[]} [command] of a program, which is a file; without it, it is a browser
 * @property {Record<string, string>} [environment]
 * @property {"page" | "worker"} [where] in a browser
 */

/** Debian's. */
export const chromium = "/usr/bin/chromium";
export const hasChromium = () => existsSync(chromium);

const installed = (/** @type {string[]} */ ...path) => join(root, "node_modules", ...path);
const node = (/** @type {string} */ name) => [installed(name, "bin", "node")];

/** Out of support, and a courtesy: what the library needs is there. */
const node20 = `--import=${pathToFileURL(join(root, "tests/runtimes/typescript-names.mjs")).href} --disable-warning=ExperimentalWarning`;

/** @type {readonly Target[]} */
export const targets = [
  { name: "node-20", title: "Node.js 20, a courtesy", command: node("node-20"), environment: { NODE_OPTIONS: node20 } },
  { name: "node-22", title: "Node.js 22", command: node("node-22"), environment: { NODE_OPTIONS: "--disable-warning=ExperimentalWarning" } },
  { name: "node-24", title: "Node.js 24", command: node("node-24") },
  { name: "node-26", title: "Node.js 26", command: node("node") },
  { name: "bun", title: "Bun", command: [installed(".bin", "bun")] },
  { name: "deno", title: "Deno", command: [installed(".bin", "deno"), "run", "--allow-all", "--v8-flags=--expose-gc"] },
  { name: "chromium-page", title: "Chromium, a page", where: "page" },
  { name: "chromium-worker", title: "Chromium, a web worker", where: "worker" },
];

/** What a browser cannot have, by the specifier that is not for it. */
export const notForBrowsers = new Map([
  ["espalier/processes", "browsers have no child processes"],
  ["espalier/cluster", "nor sockets"],
  ["espalier/process", "nor signals"],
]);

/** The specifiers of the package. */
export function subpaths() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.keys(exports).filter((path) => typeof exports[path] === "object").map((path) => `espalier${path.slice(1)}`);
}

/**
 * The targets of some names, or all. A name also stands for those that begin with it: `node`, `chromium`.
 * @param {readonly string[]} names
 */
export function chosen(names) {
  const meant = (/** @type {Target} */ { name }, /** @type {string} */ word) => name === word || name.startsWith(`${word}-`);
  const unknown = names.find((word) => !targets.some((target) => meant(target, word)));
  if (unknown !== undefined) throw new Error(`There is no runtime "${unknown}". They are: ${targets.map(({ name }) => name).join(", ")}`);
  return names.length === 0 ? targets : targets.filter((target) => names.some((word) => meant(target, word)));
}
