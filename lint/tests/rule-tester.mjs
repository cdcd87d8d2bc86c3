/** ESLint's RuleTester under Node's runner, with TypeScript's syntax, in both versions of ESLint that are supported. */
import "./typescript-6.mjs";
import { describe, it } from "node:test";
import { RuleTester } from "eslint";
import { RuleTester as RuleTester9 } from "eslint-9";
import tseslint from "typescript-eslint";
import plugin from "../plugin.mjs";

/** @typedef {string | { code: string, options?: unknown[], settings?: object, name?: string }} Valid */
/** @typedef {{ code: string, options?: unknown[], settings?: object, name?: string, output?: string | null, errors: (string | { messageId: string, data?: object, line?: number, suggestions?: object[] | number })[] }} Invalid */

/**
 * @param {keyof typeof plugin.rules} name
 * @param {{ valid: Valid[], invalid: Invalid[] }} cases
 */
export function testRule(name, cases) {
  const rule = /** @type {never} */ (plugin.rules[name]);
  for (const [version, Tester] of /** @type {const} */ ([["ESLint 10", RuleTester], ["ESLint 9", RuleTester9]])) {
    Tester.describe = describe;
    Tester.it = it;
    const languageOptions = /** @type {never} */ ({ parser: tseslint.parser, ecmaVersion: 2026, sourceType: "module", globals: { fetch: "readonly" } });
    void describe(version, () => new Tester({ languageOptions }).run(name, rule, /** @type {never} */ (cases)));
  }
}
