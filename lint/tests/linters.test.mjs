import "./typescript-6.mjs";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ESLint } from "eslint";
import { ESLint as ESLint9 } from "eslint-9";
import tseslint from "typescript-eslint";
import plugin, { recommended, rules } from "../plugin.mjs";
import { typed, typedRules } from "../typed.mjs";
import { eslintFindings, fixtures, lint, marks, oxlintFindings, root } from "./marked.mjs";

const fragment = (/** @type {string} */ name) => join(lint, "fragments", name);
const read = (/** @type {string} */ name) => JSON.parse(readFileSync(fragment(name), "utf8"));
const isOurs = (/** @type {string} */ finding) => Object.hasOwn(rules, finding.replace(/^\d+ /, ""));

/** A folder of a test's own beside the fixtures. */
function fixtureFolder(/** @type {import("node:test").TestContext} */ context) {
  const folder = mkdtempSync(join(fixtures, "extends-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const parsed = [{ files: ["**/*.ts"], languageOptions: { parser: tseslint.parser } }, plugin.configs.recommended];

for (const [name, version] of /** @type {const} */ ([["ESLint 10", ESLint], ["ESLint 9", ESLint9]])) {
  test(`${name} finds with the recommended preset what is marked, and nothing else`, async () => {
    assert.deepEqual(await eslintFindings(version, parsed, "syntax.ts"), marks("syntax.ts"));
  });
}

test("oxlint finds the same, with the very same plugin", () => {
  assert.deepEqual(oxlintFindings(fragment("oxlint.json"), "syntax.ts").filter(isOurs), marks("syntax.ts"));
});

test("oxlint takes the fragment by `extends`, and finds what only types tell beside our own", (context) => {
  const folder = fixtureFolder(context);
  writeFileSync(join(folder, "oxlintrc.json"), JSON.stringify({ extends: ["../../../fragments/oxlint.json"], categories: { correctness: "off" }, rules: { "espalier/pass-scope": "off" } }));
  const ours = oxlintFindings(join(folder, "oxlintrc.json"), "syntax.ts", ["--type-aware"]).filter(isOurs);
  assert.deepEqual(ours, marks("syntax.ts").filter((finding) => !finding.endsWith("pass-scope")));
  assert.deepEqual(oxlintFindings(join(folder, "oxlintrc.json"), "typed.ts", ["--type-aware"]), marks("typed.ts"));
});

test("typescript-eslint finds with the typed preset what only types tell", async () => {
  const typedFindings = await eslintFindings(ESLint, typed(tseslint), "typed.ts");
  assert.deepEqual(typedFindings, marks("typed.ts"));
});

test("the typed preset has our own rules beside it", async () => {
  const findings = await eslintFindings(ESLint, typed(tseslint), "syntax.ts");
  assert.deepEqual(findings.filter(isOurs), marks("syntax.ts"));
});

test("Biome finds floating promises with its fragment, and takes tasks for what they are", (context) => {
  const folder = fixtureFolder(context);
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ root: true, extends: ["eslint-plugin-espalier/fragments/biome.json"] }));
  copyFileSync(join(fixtures, "typed.ts"), join(folder, "typed.ts"));
  const { stdout, stderr } = spawnSync(join(root, "node_modules/.bin/biome"), ["lint", "--reporter=json", "typed.ts"], { cwd: folder, encoding: "utf8" });
  assert.match(stdout, /^\{/, stderr);
  /** @type {{ category: string, location: { start: { line: number } } }[]} */
  const diagnostics = JSON.parse(stdout).diagnostics;
  const found = diagnostics.filter(({ category }) => category.includes("/nursery/")).map(({ category, location }) => `${location.start.line} ${category.replace(/^.*\//, "")}`);
  // Of types that come from elsewhere, and of what a list gives, it knows less than the compiler does.
  assert.deepEqual(found.sort(), ["11 noFloatingPromises", "13 noMisusedPromises", "9 noFloatingPromises"]);
});

test("the settings name packages that export the library anew, in oxlint as in ESLint", async (context) => {
  const folder = fixtureFolder(context);
  const settings = { espalier: { packages: ["#lib/*"] } };
  writeFileSync(join(folder, "code.ts"), 'import { sleep, type Scope } from "#lib/tasks.ts";\nexport function f(scope: Scope) {\n  sleep(1, scope);\n}\n');
  writeFileSync(join(folder, "oxlintrc.json"), JSON.stringify({ extends: ["../../../fragments/oxlint.json"], settings }));
  const file = join(folder, "code.ts");
  assert.deepEqual(oxlintFindings(join(folder, "oxlintrc.json"), file), ["3 no-floating-operation"]);
  assert.deepEqual(await eslintFindings(ESLint, [...parsed, { settings }], file), ["3 no-floating-operation"]);
  assert.deepEqual(await eslintFindings(ESLint, parsed, file), []);
});

test("each rule is in the presets and in the fragment, as serious in each", () => {
  const ours = Object.fromEntries(Object.entries(read("oxlint.json").rules).filter(([name]) => name.startsWith("espalier/")));
  assert.deepEqual(ours, recommended);
  assert.deepEqual(Object.keys(recommended), Object.keys(rules).map((name) => `espalier/${name}`));
});

test("the fragment for oxlint has the typed preset's rules with the same options", () => {
  for (const [name, value] of Object.entries(typedRules)) {
    const there = read("oxlint.json").rules[name.replace("@typescript-eslint/", "typescript/")];
    if (name.endsWith("no-floating-promises")) assert.equal(there[1].checkThenables, true);
    else assert.deepEqual(there, value, name);
  }
});
