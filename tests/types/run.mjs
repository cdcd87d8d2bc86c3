#!/usr/bin/env node
/**
 * Runs the type tests: exits with 1 and says what fails.
 *
 *   1. `tsc` compiles every *.test-d.ts against the declarations in dist, as users do: what is expected not to
 *      compile is marked `@ts-expect-error`, and a mark without an error is an error.
 *   2. oxlint, type-aware and with this one rule, reads floating-promises.test-d.ts: what it must find is marked
 *      `oxlint-disable`, and a mark without a finding is an error.
 *
 *   node tests/types/run.mjs
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** @param {string} tool @param {readonly string[]} args */
function passes(tool, args) {
  const { status, error } = spawnSync(process.execPath, [join(root, "node_modules", tool), ...args], { cwd: root, stdio: "inherit" });
  if (error !== undefined) throw error;
  return status === 0;
}

const compiles = passes("typescript/bin/tsc", ["-p", "tsconfig.type-tests.json", "--pretty", "false"]);
const lints = passes("oxlint/bin/oxlint", [
  "--type-aware",
  "--format=unix",
  "--allow=all",
  "--deny=typescript/no-floating-promises",
  "--report-unused-disable-directives-severity=error",
  "tests/types/floating-promises.test-d.ts",
]);

if (compiles && lints) console.log("the types are what users were promised, and linters find what they must");
else process.exitCode = 1;
