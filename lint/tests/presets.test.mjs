/** The package as a user imports it; that this file type-checks is half of the test. */
import "./typescript-6.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Linter } from "eslint";
import { defineConfig } from "eslint/config";
import espalier, { recommended, rules } from "eslint-plugin-espalier";
import { typed } from "eslint-plugin-espalier/typed";
import tseslint from "typescript-eslint";

test("the presets are configurations as ESLint defines them", () => {
  const config = defineConfig([espalier.configs.recommended, ...typed(tseslint, { files: ["src/**/*.ts"] })]);
  assert.deepEqual(config.map(({ name }) => name), ["espalier/recommended", "espalier/typed"]);
  assert.deepEqual(config[0]?.rules, recommended);
  assert.deepEqual(Object.keys(config[1]?.plugins ?? {}), ["@typescript-eslint", "espalier"]);
});

test("plain JavaScript needs no parser, also as a script", () => {
  const code = 'const { sleep } = require("espalier");\nasync function f(scope) {\n  sleep(1, scope);\n}\nmodule.exports = f;\n';
  const found = new Linter().verify(code, defineConfig([{ languageOptions: { sourceType: "commonjs" } }, espalier.configs.recommended]));
  assert.deepEqual(found.map(({ line, ruleId }) => `${line} ${ruleId}`), ["3 espalier/no-floating-operation"]);
});

test("a rule can be turned on alone, and a finding be answered for", () => {
  const code = 'import { taskGroup } from "espalier";\nawait taskGroup(async (scope) => {\n  // eslint-disable-next-line espalier/no-root-in-scope -- outlives it\n  await taskGroup(() => {});\n});\n';
  const alone = defineConfig([{ plugins: { espalier }, rules: { "espalier/no-root-in-scope": "error" } }]);
  assert.deepEqual(new Linter().verify(code, alone), []);
  assert.equal(Object.hasOwn(rules, "no-root-in-scope"), true);
});
