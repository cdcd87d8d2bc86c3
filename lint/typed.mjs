/**
 * The preset for typescript-eslint: what only types can tell, and our own rules beside it.
 *
 *   import tseslint from "typescript-eslint";
 *   import { typed } from "eslint-plugin-espalier/typed";
 *
 *   export default [...typed(tseslint)];
 *
 * typescript-eslint needs the API of TypeScript 6 beside it.
 */
import plugin, { recommended } from "./plugin.mjs";

/** Rules of typescript-eslint that find promises which nobody awaits, and awaits which wait for nothing. */
export const typedRules = /** @type {const} */ ({
  // A Task is no thenable: `group.spawn(f);` is complete, and `await group.spawn(f)` waits for nothing.
  "@typescript-eslint/no-floating-promises": ["error", { checkThenables: true, ignoreVoid: true }],
  "@typescript-eslint/await-thenable": "error",
  // An async function is what `onCancel`, `onError` and handlers of the platform may be given.
  "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
  // In a `try`, a promise that is returned without `await` leaves before its failure.
  "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
  "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true, allowThrowingAny: true }],
  "@typescript-eslint/prefer-promise-reject-errors": ["error", { allowThrowingUnknown: true, allowThrowingAny: true }],
  "@typescript-eslint/use-unknown-in-catch-callback-variable": "error",
});

/**
 * @param {{ parser: unknown, plugin: unknown }} tseslint what `typescript-eslint` exports
 * @param {{ files?: readonly string[], parserOptions?: object }} [options] by default all of TypeScript's files, and the nearest tsconfig.json of each
 */
export function typed(tseslint, { files = ["**/*.ts", "**/*.mts", "**/*.cts", "**/*.tsx"], parserOptions = { projectService: true } } = {}) {
  return [
    {
      name: "espalier/typed",
      files: [...files],
      languageOptions: { parser: tseslint.parser, parserOptions },
      plugins: { "@typescript-eslint": tseslint.plugin, espalier: plugin },
      rules: { ...recommended, ...typedRules },
    },
  ];
}
