import "./typescript-6.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import plugin from "../plugin.mjs";
import { root } from "./marked.mjs";

const sections = readFileSync(join(root, "docs/guide/lint.md"), "utf8").split("\n## ");
const config = /** @type {never} */ ([{ files: ["**/*.ts"], languageOptions: { parser: tseslint.parser } }, plugin.configs.recommended]);

for (const name of Object.keys(plugin.rules)) {
  test(`in the guide's section on ${name} the lines that say so are reported, and no other`, () => {
    const section = sections.find((one) => one.startsWith(`${name}\n`)) ?? "";
    const code = /^```ts\n(.*?)^```$/ms.exec(section)?.[1] ?? "";
    assert.match(code, /\/\/ reported/);
    assert.match(code, /\/\/ fine/);
    const said = code.split("\n").flatMap((line, at) => (line.includes("// reported") ? [`${at + 1} espalier/${name}`] : []));
    const found = new Linter().verify(code, config, "guide.ts").map(({ line, ruleId, message }) => `${line} ${ruleId ?? message}`);
    assert.deepEqual(found, said);
  });
}
