#!/usr/bin/env node
/**
 * `npm run build`: src → dist.
 *
 * tsc emits the library file for file (JavaScript, declarations, maps for both), so that stacks and worker entries keep
 * their paths, and the declarations are made to stand on their own; then the command line is bundled from src/cli/main.ts into the one file dist/cli/main.js, with the
 * libraries it uses, and beside it the page of `espalier inspect`. What the sources no longer make is removed from dist, after the new files are there.
 *
 * With --if-stale it does nothing when dist is what the sources make. Messages go to standard error.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, fingerprint, isFresh, recordFresh } from "./bootstrap/freshness.mjs";
import { isMain, root } from "./bootstrap/project.mjs";
import { bundleCommandLine } from "./bundle-cli.mjs";
import { bundlePage } from "./bundle-page.mjs";
import { finishedDeclaration } from "./declarations.mjs";

const stamp = ".cache/build.json";
const ingredients = [
  "src",
  "package.json",
  "package-lock.json",
  "benches/package.json",
  "tsconfig.base.json",
  "tsconfig.build.json",
  "tools/build.mjs",
  "tools/bundle-cli.mjs",
  "tools/bundle-page.mjs",
  "tools/declarations.mjs",
  "tools/source",
];
const isTest = (/** @type {string} */ file) => /\.test(-d)?\.ts$/.test(file);

/** A hash of everything that decides what dist will be. */
export function buildInputs() {
  return fingerprint(
    root,
    ingredients.flatMap((path) => filesBelow(root, path)).filter((file) => !isTest(file)),
  );
}

/** Runs the compiler and gives the files it wrote, relative to the root. */
function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--listEmittedFiles", "--pretty", "false"], {
    cwd: root,
    encoding: "utf8",
  });
  const lines = `${result.stdout}${result.stderr}`.split("\n").filter((line) => line !== "");
  if (result.status !== 0) throw new Error(`tsc -p tsconfig.build.json failed:\n${lines.filter((line) => !line.startsWith("TSFILE:")).join("\n")}`);
  const emitted = lines.filter((line) => line.startsWith("TSFILE:")).map((line) => line.replace(/^TSFILE:\s*/, ""));
  const dist = filesBelow(root, "dist");
  const ends = emitted.map((path) => path.replaceAll("\\", "/"));
  return dist.filter((file) => ends.some((path) => path.endsWith(`/${file}`)));
}

/** @param {readonly string[]} files */
function finishDeclarations(files) {
  for (const file of files.filter((name) => name.endsWith(".d.ts"))) {
    const path = join(root, file);
    const { code, map } = finishedDeclaration(file, readFileSync(path, "utf8"), readFileSync(`${path}.map`, "utf8"));
    writeFileSync(path, code);
    writeFileSync(`${path}.map`, map);
  }
}

/** Builds, and gives the number of files in dist. */
export async function build() {
  const inputs = buildInputs();
  const outputs = compile();
  finishDeclarations(outputs);
  if (existsSync(join(root, "src/cli/main.ts"))) {
    const page = await bundlePage();
    outputs.push(...page.files, ...(await bundleCommandLine(page.modules)));
  }
  const wanted = new Set(outputs);
  for (const file of filesBelow(root, "dist")) if (!wanted.has(file)) rmSync(join(root, file));
  recordFresh(root, stamp, inputs, outputs);
  return outputs.length;
}

/** Whether dist is what the sources make. */
export function isBuilt() {
  return isFresh(root, stamp, buildInputs());
}

if (isMain(import.meta.url)) {
  try {
    if (!process.argv.includes("--if-stale") || !isBuilt()) {
      const began = performance.now();
      const count = await build();
      console.error(`Built dist: ${count} files in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
