/**
 * What runs on every runtime: the cases, the models and the executors, made into plain modules that import the package as
 * it was built.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { rolldown } from "rolldown";
import { root } from "../bootstrap/project.mjs";
import { notForBrowsers, subpaths } from "./targets.mjs";

/** The files of tests, by their names in the project. */
export function suiteFiles() {
  return globSync(["tests/runtimes/*.test.ts", "tests/conformance/**/*.test.ts", "tests/executors/**/*.test.ts", "tests/model/*.test.ts", "src/**/*model.test.ts"], { cwd: root }).sort();
}

/** What a test starts or loads by its name, in a process or a worker: an entry of its own. */
const startedByName = new Map([
  ["tests/conformance/program.test.ts", ["tests/conformance/programs/program.ts"]],
  ["tests/executors/", ["tests/executors/**/!(*.test).ts"]],
]);

/** What a runtime needs that lacks `using` (Node.js 22), and what every browser of today has. */
const target = "node22";

const isPackage = (/** @type {string} */ id) => /^espalier(\/|$)/.test(id);

/** @param {readonly string[]} files */
function inputs(files) {
  const started = [...startedByName].filter(([by]) => files.some((file) => file.startsWith(by))).flatMap(([, patterns]) => globSync(patterns, { cwd: root }));
  return Object.fromEntries([...files, ...started].map((file) => [file.replace(/\.ts$/, ""), join(root, file)]));
}

/** @param {import("rolldown").LogLevel} level @param {import("rolldown").RollupLog} log */
function onLog(level, log) {
  if (level === "warn") throw new Error(`bundling the suite: ${log.message}`);
}

/**
 * For Node.js, Bun and Deno: a user's project in `folder`, with the package installed, and a module for each module of the
 * tests, in JavaScript but under its own name, so that places in stacks and programs to start are found where they are looked for.
 * @param {string} folder
 * @param {readonly string[]} files
 * @returns {Promise<{ program: string, modules: { file: string, module: string }[] }>}
 */
export async function writeProject(folder, files) {
  rmSync(folder, { recursive: true, force: true });
  const installed = join(folder, "node_modules", "espalier");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  writeFileSync(join(folder, "package.json"), '{ "name": "suite", "private": true, "type": "module" }\n');
  const bundle = await rolldown({
    input: { ...inputs(files), "tests/runtimes/program": join(root, "tests/runtimes/program.ts") },
    cwd: root,
    platform: "node",
    external: isPackage,
    resolve: { alias: { "node:test": join(root, "tests/runtimes/node-test.ts") } },
    // Node.js 22 has no SuppressedError, nor shall the package find one that it would not have elsewhere.
    transform: { target, inject: { SuppressedError: [join(root, "tests/runtimes/suppressed-error.ts"), "suppressedError"] } },
    treeshake: false,
    onLog,
  });
  await bundle.write({ dir: folder, format: "esm", preserveModules: true, preserveModulesRoot: root, entryFileNames: "[name].ts" });
  await bundle.close();
  return { program: join(folder, "tests/runtimes/program.ts"), modules: files.map((file) => ({ file, module: join(folder, file) })) };
}

/** In browsers: what stands for which module. Whatever else of Node.js a file imports, it cannot run there. */
const standIns = {
  "node:test": "tests/runtimes/node-test.ts",
  "node:util": "tests/runtimes/browser/inspect.ts",
  "tests/runtimes/runtime.ts": "tests/runtimes/browser/runtime.ts",
};

/** Modules that are made for the bundle. */
const made = () => ({
  "node:assert/strict": `import assert from "assert/build/assert.js";\nexport default assert.strict;\n`,
  "tests/runtimes/subpaths.ts": `export const subpaths = new Map([\n${subpaths()
    .filter((path) => !notForBrowsers.has(path))
    .map((path) => `  ["${path}", () => import("${path}")],\n`)
    .join("")}]);\n`,
});

/** @returns {import("rolldown").Plugin} */
function browserStandIns() {
  const modules = new Map(Object.entries(made()));
  return {
    name: "stand-ins",
    resolveId(id, importer) {
      const name = id.startsWith(".") && importer !== undefined ? relative(root, join(dirname(importer), id)) : id;
      // As a file of the project: what it imports is looked for from there.
      if (modules.has(name)) return join(root, `made-${name.replaceAll(/\W/g, "-")}.js`);
      const standIn = Object.entries(standIns).find(([replaced]) => replaced === name)?.[1];
      return standIn === undefined ? null : join(root, standIn);
    },
    load: (id) => [...modules].find(([name]) => id === join(root, `made-${name.replaceAll(/\W/g, "-")}.js`))?.[1] ?? null,
  };
}

/**
 * For a page and its workers: bundled together with the package, as a user's bundler would, by the addresses of their files.
 * @param {readonly string[]} files
 * @returns {Promise<{ scripts: Map<string, string>, modules: { file: string, module: string }[] }>}
 */
export async function bundleForPage(files) {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const dist = Object.fromEntries(Object.entries(exports).filter(([, target]) => typeof target === "object").map(([path, target]) => [`espalier${path.slice(1)}`, join(root, target.default)]));
  const bundle = await rolldown({
    input: { ...inputs(files), "tests/runtimes/browser/program": join(root, "tests/runtimes/browser/program.ts") },
    cwd: root,
    platform: "browser",
    // What a library of others loads only where it is on Node.js. Ours loads nothing of it: tools/runtimes/bundles.test.mjs.
    external: (id, importer) => id.startsWith("node:") && importer?.includes("/node_modules/") === true,
    plugins: [browserStandIns()],
    resolve: { alias: dist, conditionNames: ["browser", "import", "default"] },
    transform: { target, define: { global: "globalThis", "process.env": "({})", "process.stderr": "({})" } },
    onLog,
  });
  const { output } = await bundle.generate({ format: "esm", entryFileNames: "[name].js" });
  await bundle.close();
  const chunks = output.filter((part) => part.type === "chunk");
  return { scripts: new Map(chunks.map(({ fileName, code }) => [`/${fileName}`, code])), modules: files.map((file) => ({ file, module: `/${file.replace(/\.ts$/, ".js")}` })) };
}
