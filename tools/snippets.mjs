#!/usr/bin/env node
/**
 * Code in Markdown is executed: every ```ts block of README.md, CONTRIBUTING.md and docs/ is type-checked and run against
 * dist, importing `espalier` as a user does. How a block asks for less is told in snippets/markdown.mjs.
 *
 *   node tools/snippets.mjs [file.md …]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { filesBelow } from "./bootstrap/freshness.mjs";
import { isMain, root } from "./bootstrap/project.mjs";
import { runNode } from "./pipeline/command.mjs";
import { outputDifference, snippetsOf } from "./snippets/markdown.mjs";

/** @typedef {import("./snippets/markdown.mjs").Snippet} Snippet */
/** @typedef {Snippet & { file: string, module: string }} Placed */

const runLimitMs = 170_000;

/**
 * Writes each snippet as a module whose lines have the numbers they have in Markdown.
 * @param {string} project
 * @param {string} folder where the modules go: inside the project, so that they can import it by its name
 * @param {readonly string[]} files
 */
function place(project, folder, files) {
  /** @type {string[]} */
  const findings = [];
  /** @type {Placed[]} */
  const placed = [];
  for (const file of files) {
    const result = snippetsOf(file, readFileSync(join(project, file), "utf8"));
    findings.push(...result.findings);
    for (const snippet of result.snippets) {
      const module = join(folder, `${file.replaceAll("/", "+")}.${snippet.line}.ts`);
      if (snippet.mode !== "fragment") writeFileSync(module, `${"\n".repeat(snippet.line - 1)}${snippet.code}\n`);
      placed.push({ ...snippet, file, module });
    }
  }
  return { placed, findings };
}

/**
 * Names the place in Markdown instead of the module made of it.
 * @param {string} text
 */
function inMarkdown(text) {
  return text
    .replaceAll(/[^\s('"]*?([^/\\\s('"]+\.md)\.\d+\.ts\((\d+),(\d+)\)/g, (_, file, line, column) => `${file.replaceAll("+", "/")}:${line}:${column}`)
    .replaceAll(/[^\s('"]*?([^/\\\s('"]+\.md)\.\d+\.ts/g, (_, file) => file.replaceAll("+", "/"));
}

/**
 * @param {string} folder
 * @param {readonly Placed[]} snippets
 * @returns {Promise<string[]>}
 */
async function typeCheck(folder, snippets) {
  if (snippets.length === 0) return [];
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      moduleDetection: "force",
      customConditions: [],
      isolatedDeclarations: false,
      declaration: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      typeRoots: [join(root, "node_modules", "@types")],
    },
    files: snippets.map(({ module }) => module),
  };
  const file = join(folder, "tsconfig.json");
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  const { ok, output } = await runNode([join(root, "node_modules", "typescript", "bin", "tsc"), "-p", file, "--pretty", "false"]);
  return ok ? [] : inMarkdown(output).trimEnd().split("\n");
}

/**
 * @param {string} folder
 * @param {Placed} snippet
 * @returns {Promise<string[]>}
 */
async function execute(folder, { file, line, module, output: promised }) {
  const { ok, output } = await runNode(["--disable-warning=ExperimentalWarning", module], { folder, limit: runLimitMs });
  if (!ok) return [`${file}:${line} does not run:\n${inMarkdown(output).trimEnd().replace(/^/gm, "    ")}`];
  const difference = promised === undefined ? undefined : outputDifference(promised.text, output);
  if (promised === undefined || difference === undefined) return [];
  const nothing = "(nothing)";
  return [`${file}:${promised.line + difference.line} promises another output:\n    expected: ${difference.expected ?? nothing}\n    printed:  ${difference.actual ?? nothing}`];
}

/**
 * Checks the Markdown files of a project.
 * @param {string} project
 * @param {readonly string[]} files relative to it
 */
export async function checkSnippets(project, files) {
  const folder = join(project, ".cache", "snippets");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { placed, findings } = place(project, folder, files);
  const checked = placed.filter(({ mode }) => mode !== "fragment");
  findings.push(...(await typeCheck(folder, checked)));
  const runnable = placed.filter(({ mode }) => mode === "run");
  const queue = runnable.entries();
  const worker = async () => {
    for (const [, snippet] of queue) findings.push(...(await execute(folder, snippet)));
  };
  await Promise.all([worker(), worker()]);
  return { snippets: placed, checked: checked.length, run: runnable.length, findings };
}

if (isMain(import.meta.url)) {
  const named = process.argv.slice(2).map((path) => relative(root, resolve(path)).replaceAll("\\", "/"));
  const files = named.length > 0 ? named : ["README.md", "CONTRIBUTING.md", "docs"].flatMap((path) => filesBelow(root, path)).filter((file) => file.endsWith(".md"));
  const { snippets, checked, run, findings } = await checkSnippets(root, files);
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
  for (const { file, line, mode, reason } of snippets) {
    // The signatures in the reference come from the declarations that were compiled.
    if (mode === "fragment" && !file.startsWith("docs/reference/")) console.log(`!! ${file}:${line} is a fragment: ${reason}`);
  }
  console.log(`${run} run, ${checked - run} more type-checked, ${snippets.length - checked} fragments, in ${files.length} files`);
}
