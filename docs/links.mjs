#!/usr/bin/env node
/**
 * The documents among each other: each relative link leads to a file, and each `#anchor` to a heading; the graph in
 * docs/architecture.md is the one that the sources have, and that page stays short.
 *
 *   node docs/links.mjs
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const docs = dirname(fileURLToPath(import.meta.url));
const root = dirname(docs);
const longest = 200;

/** Every Markdown file that people read. */
function documents() {
  const below = (/** @type {string} */ folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));
  return [...readdirSync(root), ...below("docs"), "src/README.md", "benches/README.md", "lint/README.md"].filter((file) => file.endsWith(".md") && existsSync(join(root, file)));
}

/** What is neither code nor a comment. */
function prose(/** @type {string} */ text) {
  return text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, "").replaceAll(/<!--[\s\S]*?-->/g, "");
}

/** The anchors that a page's headings, and its own `id`s and `name`s, make. */
function anchors(/** @type {string} */ text) {
  const headings = [...prose(text).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
  const own = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = ""]) => name);
  return new Set([...headings, ...own]);
}

/** @type {string[]} */
const findings = [];
let count = 0;
for (const file of documents()) {
  const text = prose(readFileSync(join(root, file), "utf8")).replaceAll(/`[^`\n]*`/g, "");
  for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/i.test(target)) continue;
    count++;
    const [path = "", anchor] = target.split("#");
    const place = path === "" ? join(root, file) : resolve(root, dirname(file), path);
    if (!existsSync(place)) findings.push(`${file} links to ${target}: there is no ${relative(root, place)}`);
    else if (anchor !== undefined && statSync(place).isFile() && !anchors(readFileSync(place, "utf8")).has(anchor)) {
      findings.push(`${file} links to ${target}: there is no heading #${anchor}`);
    }
  }
}

const architecture = readFileSync(join(docs, "architecture.md"), "utf8");
const drawn = /```mermaid\n([\s\S]*?)\n```/.exec(architecture)?.[1];
const graph = execFileSync(process.execPath, [join(root, "tools", "layers.mjs"), "--graph"], { encoding: "utf8" }).trim();
if (drawn !== graph) findings.push(`docs/architecture.md draws other layers than the sources have. They have:\n${graph}`);
const lines = architecture.split("\n").length - 1;
if (lines > longest) findings.push(`docs/architecture.md has ${lines} lines (at most ${longest})`);

for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else console.log(`${count} links, and the graph of the layers`);
