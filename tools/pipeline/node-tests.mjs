/**
 * A step that is made of tests of Node's runner: runs the files that match and counts what they say.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap/project.mjs";
import { runNode } from "./command.mjs";

/** One test may take so long before it is given up: far above any honest one, far below the patience of CI. */
const testLimitMs = 180_000;

/** For tests of the sources: without a build, and with what looks for garbage. */
export const fromSource = { conditions: ["espalier:source"], flags: ["--expose-gc"] };

/**
 * Splits what pipeline/reporter.mjs printed into what a person reads and what it counted.
 * @param {string} output
 * @returns {{ text: string, counts: import("./schedule.mjs").Counts, skips: string[], slowest: { name: string, ms: number }[] } | undefined}
 */
export function readReport(output) {
  const lines = output.trimEnd().split("\n");
  const at = lines.findLastIndex((line) => line.startsWith('{"counts":'));
  if (at === -1) return undefined;
  const text = [...lines.slice(0, at), ...lines.slice(at + 1)].join("\n");
  return { text, ...JSON.parse(lines[at] ?? "") };
}

/**
 * @param {readonly string[]} patterns
 * @param {{ except?: readonly string[], conditions?: readonly string[], flags?: readonly string[], environment?: Record<string, string> }} [options]
 * @returns {Promise<import("./schedule.mjs").StepResult>}
 */
export async function runTests(patterns, { except = [], conditions = [], flags = [], environment = {} } = {}) {
  const files = globSync([...patterns], { cwd: root, exclude: [...except] }).sort();
  if (files.length === 0) return { ok: false, output: `No test file matches ${patterns.join(" ")}\n` };
  const { ok, output } = await runNode([
    ...conditions.map((condition) => `--conditions=${condition}`),
    ...flags,
    "--test",
    "--test-concurrency=2",
    `--test-timeout=${testLimitMs}`,
    `--test-reporter=${join(root, "tools/pipeline/reporter.mjs")}`,
    ...files,
  ], { environment });
  const report = readReport(output);
  if (report === undefined) return { ok: false, output: `${output}\nThe test runner ended without a report.\n` };
  const slow = report.slowest.filter(({ ms }) => ms >= 2000).map(({ name, ms }) => `slow: ${(ms / 1000).toFixed(1)} s for ${name}\n`);
  return {
    ok: ok && report.counts.failed === 0 && report.counts.passed > 0,
    output: report.text + slow.join(""),
    counts: report.counts,
    untested: report.skips,
  };
}
