/**
 * The one table of what `npm test` does. Each step is a command of its own as well, named in its row.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap/project.mjs";
import { runNode } from "./command.mjs";
import { executorTests } from "./executors.mjs";
import { fromSource, runTests } from "./node-tests.mjs";

/** @typedef {import("./schedule.mjs").Step} Step */

const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const oxlint = join(root, "node_modules", "oxlint", "bin", "oxlint");

/**
 * A step that is one script, judged by its exit code; its last line becomes the remark in the summary, and a line that
 * begins with `!! ` tells what it could not test.
 * @param {string} file
 * @param {readonly string[]} [args]
 * @returns {Step["run"]}
 */
const script = (file, args = []) => async () => {
  const { ok, output } = await runNode([join(root, file), ...args]);
  const lines = output.trimEnd().split("\n");
  return { ok, output, ...(ok ? { note: lines.at(-1) ?? "" } : {}), untested: lines.filter((line) => line.startsWith("!! ")).map((line) => line.slice(3)) };
};

/** @param {string} file below tools/ @param {readonly string[]} [args] */
const tool = (file, args) => script(`tools/${file}`, args);

/**
 * A step that type-checks projects.
 * @param {readonly string[]} projects
 * @returns {Step["run"]}
 */
const compiler = (projects) => async () => {
  const results = await Promise.all(projects.map((project) => runNode([tsc, "-p", project, "--pretty", "false"])));
  return { ok: results.every(({ ok }) => ok), output: results.map(({ output }) => output).join("") };
};

/**
 * @param {{ update: boolean, full?: boolean }} options with `update`, committed files are written anew instead of compared;
 *   with `full`, what takes long is run everywhere, and not only where it has most to tell
 * @returns {readonly Step[]}
 */
export function steps({ update, full = false }) {
  const updating = update ? ["--update"] : [];
  return [
    { name: "build", about: "src → dist (npm run build)", run: tool("build.mjs", ["--if-stale"]) },
    { name: "unit", about: "the tests beside the sources and in tests/", run: () => unitTests() },
    { name: "executors", about: "works on threads, processes and clusters", run: () => executorTests({ full }) },
    { name: "package", about: "the package as a user gets it", needs: ["build"], run: () => runTests(["tests/package/**/*.test.ts"]) },
    { name: "runtimes", about: "the suite on Node.js 22 to 26, Bun, Deno and Chromium", needs: ["build"], run: tool("runtimes.mjs", full ? [] : ["--quick"]) },
    { name: "types", about: "every source, test and tool type-checks", run: compiler(["tsconfig.json", "tsconfig.benches.json", "tools/tsconfig.json", "lint/tsconfig.json"]) },
    { name: "neutral", about: "the core type-checks without DOM and Node types", run: compiler(["tools/neutral/tsconfig.json"]) },
    { name: "type-tests", about: "what users' types are, seen through dist", needs: ["build"], run: typeTests },
    { name: "lint", about: "oxlint, type-aware, with our own rules", run: () => runNode([oxlint, "--type-aware", "--format=unix"]) },
    { name: "layers", about: "imports go down only", run: tool("layers.mjs") },
    { name: "limits", about: "files, functions and names", run: tool("limits.mjs") },
    { name: "skips", about: "no test is left out in silence", run: tool("skips.mjs") },
    { name: "lockfile", about: "the lock file is complete", run: tool("lockfile.mjs", updating) },
    { name: "tools", about: "the tests of the tools", needs: ["build"], run: () => runTests(["tools/**/*.test.mjs"]) },
    { name: "benches", about: "some benchmarks, with next to nothing to do (all: ESPALIER_BENCHES=all)", needs: ["build"], run: () => runTests(["benches/**/*.test.ts"]) },
    { name: "lint-rules", about: "our rules, in ESLint, oxlint and Biome", run: () => runTests(["lint/tests/**/*.test.mjs"]) },
    { name: "api", about: "the public surface is the committed one", needs: ["build"], run: tool("api.mjs", updating) },
    { name: "docs", about: "the reference is the sources' (npm run docs)", needs: ["build"], after: ["api"], run: tool("docs.mjs", updating) },
    { name: "links", about: "the documents lead where they say", after: ["docs"], run: script("docs/links.mjs") },
    { name: "semantics", about: "each guarantee names the tests that hold it", run: script("docs/semantics.mjs", updating) },
    { name: "figures", about: "figures in documents are those that were measured", run: tool("figures.mjs", updating) },
    { name: "size", about: "what a browser downloads", needs: ["build"], run: tool("size.mjs", updating) },
    { name: "snippets", about: "code in Markdown runs", needs: ["build"], after: ["docs"], run: tool("snippets.mjs") },
  ];
}

/** The tests that run from source. Those of the built package are a step of their own, and so are those of executors. */
async function unitTests() {
  return runTests(["src/**/*.test.ts", "tests/**/*.test.ts"], { ...fromSource, except: ["tests/package/**", "tests/executors/**"] });
}

/** Type tests are compiled against the declarations in dist, and read by a linter: what they prove holds for users. */
async function typeTests() {
  const files = globSync(["src/**/*.test-d.ts", "tests/**/*.test-d.ts"], { cwd: root, exclude: ["tests/package/**"] });
  if (files.length === 0) return { ok: false, output: "There is no type test (*.test-d.ts).\n" };
  const { ok, output } = await runNode(["tests/types/run.mjs"]);
  return { ok, output, note: `${files.length} files, by tsc and a linter` };
}

/**
 * The steps to run: all, or the named ones with what they need.
 * @param {readonly Step[]} table
 * @param {readonly string[]} chosen
 */
export function choose(table, chosen) {
  const unknown = chosen.filter((name) => !table.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`There is no step "${unknown[0]}". The steps are: ${table.map(({ name }) => name).join(", ")}`);
  if (chosen.length === 0) return table;
  const wanted = new Set(chosen);
  const before = (/** @type {string} */ name) => table.find((step) => step.name === name)?.needs ?? [];
  for (const name of wanted) for (const need of before(name)) wanted.add(need);
  return table.filter(({ name }) => wanted.has(name));
}

/** How a step is run alone. */
export const aloneCommand = (/** @type {string} */ name) => `npm test -- ${name}`;

