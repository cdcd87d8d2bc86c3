#!/usr/bin/env node
/**
 * The API reference in docs/reference/, one page per subpath, made from the doc comments by way of API Extractor's model.
 *
 *   npm run docs          writes the pages (builds first when needed)
 *   node tools/docs.mjs   fails when a page is not what the sources say, or a function or class has no runnable example
 *
 * The examples run as every block of Markdown does: tools/snippets.mjs.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ApiModel } from "@microsoft/api-extractor-model";
import { entries, extractModels, modelFile, modelsAreFresh } from "./api.mjs";
import { build, isBuilt } from "./build.mjs";
import { isMain, root } from "./bootstrap/project.mjs";
import { anchors, page, withoutExample } from "./reference/page.mjs";

const folder = join(root, "docs", "reference");

/** @typedef {import("./reference/page.mjs").Item} Item */
/** @typedef {{ file: string, name: string, items: Item[] }} Page */

/** The exports of each subpath, read from the model. */
function pages() {
  return entries().map(({ subpath, name }) => {
    // Each subpath is a package to the model: several in one would share a name.
    const loaded = new ApiModel().loadPackage(modelFile(name));
    const items = /** @type {Item[]} */ ([...(loaded.entryPoints[0]?.members ?? [])]);
    return { file: `${name === "index" ? "espalier" : name}.md`, name: `espalier${subpath.slice(1)}`, items };
  });
}

/**
 * Where a name is described: on the page itself, else on the first page that has it.
 * @param {readonly Page[]} all
 * @param {Page} here
 */
function linksFrom(all, here) {
  const places = [here, ...all].map((one) => ({ file: one === here ? "" : one.file, names: anchors(one.items) }));
  return (/** @type {string} */ name) => {
    const place = places.find(({ names }) => names.has(name));
    return place === undefined ? undefined : `${place.file}#${place.names.get(name)}`;
  };
}

/** @param {readonly Page[]} all */
function contents(all) {
  const rows = all.map(({ file, name, items }) => `- [\`${name}\`](${file}): ${items.length} exports`);
  return `# Reference\n\n<!-- Made by \`npm run docs\` from the doc comments in src/. -->\n\n${rows.join("\n")}\n`;
}

/**
 * Compares the pages with the sources, or writes them.
 * @param {{ update: boolean }} options
 */
function reconcile({ update }) {
  const all = pages();
  /** @type {Map<string, string>} */
  const texts = new Map(all.map((one) => [one.file, page(one.name, one.items, linksFrom(all, one))]));
  texts.set("README.md", contents(all));
  /** @type {string[]} */
  const findings = [];
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of texts) {
    const path = join(folder, file);
    if (update) writeFileSync(path, text);
    else if (!existsSync(path) || readFileSync(path, "utf8") !== text) findings.push(`docs/reference/${file} is not what the doc comments say. To write it anew: npm run docs`);
  }
  for (const file of readdirSync(folder).filter((name) => !texts.has(name))) {
    if (update) rmSync(join(folder, file));
    else findings.push(`docs/reference/${file} describes no subpath. To remove it: npm run docs`);
  }
  for (const { name, items } of all) {
    for (const item of withoutExample(items)) findings.push(`${item} of ${name} has no @example with a \`\`\`ts block in its doc comment`);
  }
  return findings;
}

if (isMain(import.meta.url)) {
  const update = process.argv.includes("--update");
  if (update && !isBuilt()) await build();
  // tools/api.mjs may have made them just before, from the same dist.
  if (update || !modelsAreFresh()) extractModels();
  const findings = reconcile({ update });
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${entries().length} pages ${update ? "written" : "as the sources say"}, an example for every function and class`);
}
