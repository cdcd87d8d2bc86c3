/**
 * The command line as one file: src/cli/main.ts and the libraries it uses, in dist/cli/main.js.
 *
 * Left outside are what must stay single or is not ours to ship: the library itself (a second copy would be a second
 * world of scopes), Node's own modules, and the rivals that benchmarks measure when the user has them.
 * The licences of what is inside are written beside it.
 */
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./bootstrap/project.mjs";

const source = join(root, "src");
const entry = join(source, "cli", "main.ts");
const notices = "dist/cli/THIRD-PARTY-LICENSES.txt";

/**
 * Keeps imports of the library's own modules as imports of their files in dist.
 * @returns {import("rolldown").Plugin}
 */
function libraryStaysOutside() {
  return {
    name: "library-stays-outside",
    resolveId(id, importer) {
      if (!id.startsWith(".") || importer === undefined || !importer.startsWith(source)) return null;
      const target = relative(source, join(dirname(importer), id)).split(sep).join("/");
      if (target.startsWith("cli/") || target.startsWith("../")) return null;
      return { id: `../${target.replace(/\.ts$/, ".js")}`, external: true };
    },
  };
}

/** Names of the packages that benchmarks compare with: used when present, never shipped. */
function rivals() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "benches/package.json"), "utf8"));
  return Object.keys(devDependencies);
}

/**
 * The folder of the package that a module belongs to, when it is a third party's.
 * @param {string} module
 */
function packageFolder(module) {
  const at = module.lastIndexOf(`${sep}node_modules${sep}`);
  if (at === -1) return undefined;
  const start = at + `${sep}node_modules${sep}`.length;
  const words = module.slice(start).split(sep);
  return join(module.slice(0, start), ...words.slice(0, words[0]?.startsWith("@") ? 2 : 1));
}

/**
 * The licences of bundled packages, as one text.
 * @param {readonly string[]} folders
 */
export function licenceText(folders) {
  return folders
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying|notice)/i.test(entry));
      if (file === undefined && license === undefined) throw new Error(`${name} states no licence: it cannot be bundled into the command line`);
      const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
      return `${name} ${version} (${license ?? "see below"})\n${text}`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}

/**
 * Bundles, and gives the files it wrote, relative to the root.
 * @param {readonly string[]} [beside] modules that are bundled elsewhere in dist/cli: their licences belong to it too
 */
export async function bundleCommandLine(beside = []) {
  const outside = rivals();
  const bundle = await rolldown({
    input: entry,
    platform: "node",
    cwd: root,
    tsconfig: false,
    external: (id) =>
      isBuiltin(id) || id === "espalier" || id.startsWith("espalier/") || id.startsWith("#") || outside.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [libraryStaysOutside()],
    onLog(level, log, handler) {
      if (level === "warn") throw new Error(`bundling src/cli/main.ts: ${log.message}`);
      handler(level, log);
    },
  });
  const { output } = await bundle.write({ file: join(root, "dist/cli/main.js"), format: "esm", codeSplitting: false, comments: { legal: true } });
  await bundle.close();

  const chunk = output[0];
  const file = join(root, "dist/cli/main.js");
  const code = readFileSync(file, "utf8");
  if (!code.startsWith("#!")) writeFileSync(file, `#!/usr/bin/env node\n${code}`);
  chmodSync(file, 0o755);

  const folders = new Set([...chunk.moduleIds, ...beside].map(packageFolder).filter((folder) => folder !== undefined));
  if (folders.size === 0) return ["dist/cli/main.js"];
  writeFileSync(join(root, notices), licenceText([...folders].filter((folder) => existsSync(join(folder, "package.json"))).sort()));
  return ["dist/cli/main.js", notices];
}
