#!/usr/bin/env node
/**
 * What an import costs a page: each line of size.json bundled from dist for the browser, minified and gzipped.
 *
 * Fails when one is over its budget, when it pulls in a module of Node's, or when something unused stays although the
 * package says it has no side effects. Budgets are decided by hand; `bytes` is the last size that was recorded.
 *
 *   node tools/size.mjs            measures and compares
 *   node tools/size.mjs --update   records the sizes
 *   node tools/size.mjs --explain  also says which modules they come from
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { isMain, root } from "./bootstrap/project.mjs";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/utils";

const file = fileURLToPath(new URL("size.json", import.meta.url));

/** @typedef {{ imports: string, budget: number, bytes: number }} Row */

/**
 * A module that uses what a line imports, so that nothing of it is dropped.
 * @param {string} imports
 */
export function usingModule(imports) {
  const clause = /^import\s+(?:\*\s+as\s+(?<all>\w+)|\{(?<names>[^}]*)\})\s+from/.exec(imports)?.groups;
  if (clause === undefined) throw new Error(`size.json: "${imports}" is neither import { … } nor import * as …`);
  const names = clause["all"] ?? (clause["names"] ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "").join(", ");
  return `${imports};\nglobalThis.used = [${names}];\n`;
}

/**
 * Bundles a module for the browser, as a user's bundler would.
 * @param {string} code
 * @param {string} folder where it is thought to lie
 * @returns {Promise<{ code: string, outside: readonly string[], modules: Map<string, string> }>} the bundle, what it still
 *   imports, and what is left of each module before minification
 */
export async function bundleForBrowser(code, folder) {
  const entry = `${folder}/size-entry.js`;
  const bundle = await rolldown({
    input: entry,
    cwd: folder,
    platform: "browser",
    tsconfig: false,
    external: /^node:/,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
    onLog(level, log, handler) {
      if (level === "warn") throw new Error(`bundling for the browser: ${log.message}`);
      handler(level, log);
    },
  });
  const { output } = await bundle.generate({ format: "esm", minify: true, comments: false });
  await bundle.close();
  const chunks = output.filter((part) => part.type === "chunk");
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules).map(([id, { code: text }]) => /** @type {const} */ ([relative(folder, id), text ?? ""])));
  return {
    code: chunks.map((chunk) => chunk.code).join("\n"),
    outside: chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]),
    modules: new Map(modules.filter(([name]) => name !== "size-entry.js")),
  };
}

/** @param {string} code */
export const gzipped = (code) => gzipSync(code, { level: 9 }).length;

/**
 * The modules of a bundle, the largest first, each minified alone. Compressed together they share, so the sum is more than the whole.
 * @param {ReadonlyMap<string, string>} modules
 */
export function explain(modules) {
  const rows = [...modules].map(([name, text]) => {
    const { code } = minifySync(name, text, { module: false, mangle: { toplevel: true } });
    return { name, minified: code.length, compressed: gzipped(code) };
  });
  rows.sort((a, b) => b.minified - a.minified);
  return rows.map(({ name, minified, compressed }) => `  ${String(minified).padStart(6)} minified ${String(compressed).padStart(6)} gzipped  ${name}`);
}

/**
 * What is wrong with a measured row, if anything.
 * @param {Row} row
 * @param {number} bytes
 * @param {readonly string[]} outside
 * @returns {string[]}
 */
export function sizeFindings(row, bytes, outside) {
  const findings = outside.map((module) => `${row.imports} makes a browser load ${module}`);
  if (bytes > row.budget) findings.push(`${row.imports} costs ${bytes} bytes, over its budget of ${row.budget} by ${bytes - row.budget}`);
  return findings;
}

if (isMain(import.meta.url)) {
  /** @type {Row[]} */
  const rows = JSON.parse(readFileSync(file, "utf8"));
  const update = process.argv.includes("--update");
  /** @type {string[]} */
  const lines = [];
  for (const row of rows) {
    const { code, outside, modules } = await bundleForBrowser(usingModule(row.imports), root);
    const bytes = gzipped(code);
    for (const finding of sizeFindings(row, bytes, outside)) {
      console.error(finding);
      process.exitCode = 1;
    }
    if (process.argv.includes("--explain")) console.log([row.imports, ...explain(modules)].join("\n"));
    const change = bytes - row.bytes;
    lines.push(`${bytes} of ${row.budget} bytes${row.bytes === 0 ? "" : ` (${change >= 0 ? "+" : ""}${change} since recorded)`}: ${row.imports}`);
    row.bytes = bytes;
  }
  console.log(lines.reverse().join("\n"));
  if (update) writeFileSync(file, `${JSON.stringify(rows, undefined, 2)}\n`);
}
