/**
 * The package as a user gets it: what is in it, who can load it, and who can compile against it.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { execute, type InstalledPackage, installPackage, root } from "./installed-package.ts";

let installed: InstalledPackage;
before(async () => {
  installed = await installPackage();
});
after(() => installed[Symbol.dispose]());

/** Every file that a tree of conditions leads to. */
function targets(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(targets) : [];
}

/** The packages that a subpath of ours may need. */
const peers = (): string[] => Object.keys(installed.manifest.peerDependencies ?? {});

/** The specifiers of which each needs such a package. */
const besides = (): string[] => [...new Set(peers().map(besideOf))];

/** Where a package of several words or of a scope is not called as we call what stands beside it. */
const besideOf = (peer: string): string => `espalier/${peer.startsWith("@nats-io/") ? "cluster" : peer === "@opentelemetry/api" ? "otel" : peer}`;

/** The specifiers that users import. */
function subpaths(): string[] {
  return Object.keys(installed.manifest.exports)
    .filter((path) => path !== "./package.json")
    .map((path) => `espalier${path.slice(1)}`);
}

describe("the archive", () => {
  it("has every file that exports, imports and bin name", () => {
    const { exports, imports, bin } = installed.manifest;
    for (const path of targets([exports, imports, bin])) assert.ok(existsSync(join(installed.folder, path)), path);
  });

  it("has no tests, no command line sources and nothing but the package", () => {
    const foreign = installed.files.filter((path) => !/^(dist|src)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path));
    assert.deepEqual(foreign, []);
    assert.deepEqual(installed.files.filter((path) => /\.test(-d)?\.|(^|\/)tests?\/|^src\/cli\//.test(path)), []);
  });

  it("has the sources that its maps point to", () => {
    const maps = installed.files.filter((path) => path.endsWith(".map"));
    assert.ok(maps.length > 0);
    for (const path of maps) {
      const { sources } = JSON.parse(readFileSync(join(installed.folder, path), "utf8")) as { sources: string[] };
      for (const source of sources) assert.ok(existsSync(join(installed.folder, path, "..", source)), `${path}: ${source}`);
    }
  });

  it("depends on nothing, and only a subpath that bears its name needs another package, which is optional", () => {
    const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} } = installed.manifest;
    assert.deepEqual([dependencies, optionalDependencies], [undefined, undefined]);
    for (const name of Object.keys(peerDependencies)) {
      assert.equal(peerDependenciesMeta[name]?.optional, true, name);
      assert.ok(subpaths().includes(besideOf(name)), name);
      assert.ok(!existsSync(join(installed.project, "node_modules", name)), `${name} was installed`);
    }
  });

  it("is clean to publint", async () => {
    const { publint } = await import("publint");
    const { formatMessage } = await import("publint/utils");
    const { messages, pkg } = await publint({ pkgDir: installed.folder, pack: false, strict: true });
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
  });

  it("has types that every kind of resolution finds (attw)", async () => {
    const attw = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
    const { code, output } = await execute(process.execPath, [attw, installed.archive, "--profile", "esm-only", "--no-color", "--no-emoji"], root);
    assert.equal(code, 0, output);
    for (const path of subpaths()) assert.ok(output.includes(path), output);
  });
});

let isWithPeers = false;

/** A program that loads every subpath, prints what the root gives, and uses it. */
const esm = (specifiers: readonly string[]): string => `
const [root] = await Promise.all(${JSON.stringify(specifiers)}.map((name) => import(name)));
const value = await root.taskGroup(async (group) => group.spawn(async (scope) => (await root.sleep(1, scope), 42)).join(group));
console.log(JSON.stringify([Object.keys(root).length > 20, value]));
`;
const commonjs = (specifiers: readonly string[]): string => `
const [root] = ${JSON.stringify(specifiers)}.map((name) => require(name));
root.taskGroup(async (group) => group.spawn(async (scope) => (await root.sleep(1, scope), 42)).join(group))
  .then((value) => console.log(JSON.stringify([Object.keys(root).length > 20, value])));
`;

async function loads(node: string): Promise<void> {
  const specifiers = subpaths().filter((name) => isWithPeers || !besides().includes(name));
  const files = [installed.write("load.mjs", esm(specifiers)), installed.write("load.cjs", commonjs(specifiers))];
  for (const file of files) assert.deepEqual(await execute(node, [file], installed.project), { code: 0, output: "[true,42]\n" }, file);
}

describe("the runtimes", () => {
  it("load it by import and by require on the Node.js of development", () => loads(process.execPath));

  it("load it by import and by require on the Node.js of this machine", async (context) => {
    const outside = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
    const node = outside.map((folder) => join(folder, "node")).find((file) => existsSync(file));
    if (node === undefined) return context.skip("there is no other Node.js on this machine");
    const { output } = await execute(node, ["--version"], root);
    if (Number(/^v(\d+)/.exec(output)?.[1]) < 22) return context.skip(`the Node.js of this machine is ${output.trim()}, and the package supports 22 and later`);
    await loads(node);
  });

  it("run the command", async () => {
    const bin = join(installed.project, "node_modules", ".bin", "espalier");
    const { code, output } = await execute(bin, ["--version"], installed.project);
    assert.deepEqual([code, output.trim()], [0, installed.manifest.version]);
  });
});

describe("the subpaths beside other packages", () => {
  before(() => {
    for (const name of peers()) installed.add(name);
    isWithPeers = true;
  });

  it("can be loaded by import and by require where the user has those packages", () => loads(process.execPath));
});

/** How users' compilers find packages: as Node does, or as bundlers do. */
const resolutions = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};

/** What a package beside us asks of compilers itself. */
const asks: Readonly<Record<string, number>> = { "espalier/effect": 5.9 };

/** The specifiers that a user of a compiler can import. Those beside others, whose declarations are many, are left to one resolution. */
function importable(version: string, resolution: string): string[] {
  return subpaths().filter((name) => !besides().includes(name) || (resolution === "nodenext" && Number(version) >= (asks[name] ?? 0)));
}

/** What a compiler found, each with its explanation, but for what is in the declarations of others: NATS' are not those of every compiler's settings. */
function ours(output: string): string[] {
  return output.split(/\n(?! |$)/).filter((found) => found.trim() !== "" && !/^[^(]*node_modules\/(?!espalier\/)/.test(found));
}

describe("the compilers", { concurrency: 2 }, () => {
  for (const [version, name] of Object.entries({ "5.4": "typescript-5.4", "5.9": "typescript-5.9", "6.0": "typescript-6.0", "7.0": "typescript" })) {
    for (const [resolution, options] of Object.entries(resolutions)) {
      it(`of TypeScript ${version} accept a user's program and the declarations themselves (${resolution})`, async () => {
        const compiler = join(root, "node_modules", name, "bin", "tsc");
        assert.match((await execute(process.execPath, [compiler, "--version"], root)).output, new RegExp(`^Version ${version}\\.`));
        const folder = `${version}-${resolution}`;
        installed.write(`${folder}/consumer.ts`, readFileSync(join(import.meta.dirname, "fixtures", "consumer.ts"), "utf8"));
        installed.write(`${folder}/imports.ts`, `${importable(version, resolution).map((path) => `import "${path}";`).join("\n")}\n`);
        // No disposables in `lib`: the declarations must bring what they use.
        const compilerOptions = {
          ...options,
          target: "es2022",
          lib: ["es2022", "dom"],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          skipLibCheck: false,
        };
        const config = installed.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ["consumer.ts", "imports.ts"] }));
        const { output } = await execute(process.execPath, [compiler, "-p", config, "--pretty", "false"], installed.project);
        assert.deepEqual(ours(output), []);
      });
    }
  }
});
