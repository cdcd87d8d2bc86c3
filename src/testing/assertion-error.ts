/**
 * What an assertion of the test kit throws: `name` and `code` are those of node:assert, by which test runners know a failed
 * assertion from a broken test.
 *
 * @example
 * ```ts
 * import { AssertionError, expectGroup } from "espalier/testing";
 *
 * try {
 *   expectGroup(new Error("alone"), [Error]);
 * } catch (error) {
 *   console.log(error instanceof AssertionError); // true
 * }
 * ```
 */
export class AssertionError extends Error {
  /** As node:assert has it. */
  get code(): "ERR_ASSERTION" {
    return "ERR_ASSERTION";
  }

  static {
    Object.defineProperty(AssertionError.prototype, "name", { value: "AssertionError", writable: true, configurable: true });
  }
}
