/** Files whose lines say what is to be found in them, and linters that say what they found: `line rule`, in the order of lines. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const lint = join(import.meta.dirname, "..");
export const root = join(lint, "..");
export const fixtures = join(import.meta.dirname, "fixtures");

/** @typedef {{ line: number, rule: string }} Finding */

const inOrder = (/** @type {Finding[]} */ found) => found.sort((a, b) => a.line - b.line || a.rule.localeCompare(b.rule)).map(({ line, rule }) => `${line} ${rule}`);

/** What the marks of a file ask for. */
export function marks(/** @type {string} */ file) {
  const lines = readFileSync(join(fixtures, file), "utf8").split("\n");
  return inOrder(lines.flatMap((text, at) => [...text.matchAll(/ \/\/ ([a-z]+(?:-[a-z]+)+)$/g)].map(([, rule = ""]) => ({ line: at + 1, rule }))));
}

/**
 * What ESLint finds with a configuration.
 * @param {typeof import("eslint").ESLint} ESLint
 * @param {object[]} config
 * @param {string} file
 */
export async function eslintFindings(ESLint, config, file) {
  const linter = new ESLint({ cwd: fixtures, overrideConfigFile: true, overrideConfig: /** @type {never} */ (config) });
  const [result] = await linter.lintFiles([file]);
  return inOrder((result?.messages ?? []).map(({ line, ruleId, message }) => ({ line, rule: ruleId?.replace(/^.*\//, "") ?? message })));
}

/**
 * What oxlint finds with a configuration file.
 * @param {string} config
 * @param {string} file
 * @param {readonly string[]} [flags]
 */
export function oxlintFindings(config, file, flags = []) {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, "node_modules/oxlint/bin/oxlint"), "-c", config, "--format=json", ...flags, file], { cwd: fixtures, encoding: "utf8" });
  if (!stdout.startsWith("{")) throw new Error(stdout + stderr);
  /** @type {{ code: string, message: string, labels: { span: { line: number } }[] }[]} */
  const diagnostics = JSON.parse(stdout).diagnostics;
  return inOrder(diagnostics.map(({ code, message, labels }) => ({ line: labels[0]?.span.line ?? 0, rule: /\(([^)]+)\)/.exec(code ?? "")?.[1] ?? message })));
}
