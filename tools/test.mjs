#!/usr/bin/env node
/**
 * `npm test`: the one command before a push. Installs what is missing, then runs the steps of pipeline/steps.mjs.
 *
 *   npm test                     all steps
 *   npm test -- unit types       these, with what they need
 *   npm test -- --update         writes api/, the reference and the lock file anew instead of comparing
 *   npm test -- --full           and what takes long everywhere: durable clusters, all executors on each runtime
 *   npm test -- --list           the steps
 *
 * The last line is `N passed, N failed`: each test of Node's runner and each step counts as one. Exit code 1 on any failure.
 */
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { handOver } from "./bootstrap/hand-over.mjs";
import { ensureInstalled } from "./bootstrap/install.mjs";
import { onProjectNode } from "./bootstrap/project.mjs";
import { saysUsage } from "./bootstrap/usage.mjs";

/** Runs the chosen steps and prints their results. */
async function main() {
  // Only now: these need what was just installed, and the pinned Node.js.
  const { aloneCommand, choose, steps } = await import("./pipeline/steps.mjs");
  const { runSteps } = await import("./pipeline/schedule.mjs");
  const { compiled } = await import("./pipeline/command.mjs");
  const { stepLine, summary, withRequirements } = await import("./pipeline/summary.mjs");

  const args = process.argv.slice(2);
  const table = steps({ update: args.includes("--update"), full: args.includes("--full") });
  if (args.includes("--list")) {
    for (const { name, about } of table) console.log(`${name.padEnd(11)} ${about}`);
    return;
  }
  const chosen = choose(table, args.filter((arg) => !arg.startsWith("--")));
  // Or it would have every version of every file.
  if (chosen.length === table.length) rmSync(compiled, { recursive: true, force: true });
  const began = performance.now();
  const required = (process.env["ESPALIER_REQUIRE"] ?? "").split(/\s+/).filter((name) => name !== "");
  const ended = await runSteps(chosen, {
    width: Math.min(2, availableParallelism()),
    onEnd(report) {
      console.log(stepLine(report));
      if (!report.ok && report.output !== undefined) console.log(`${report.output.trimEnd().replace(/^/gm, "    ")}\n    Alone: ${aloneCommand(report.name)}`);
    },
  });
  const reports = withRequirements(ended, required);
  console.log(`\n${((performance.now() - began) / 1000).toFixed(0)} s in all`);
  console.log(summary(reports));
  if (reports.some(({ ok }) => !ok)) process.exitCode = 1;
}

/** Here, or on the pinned Node.js. */
async function start() {
  if (onProjectNode()) return main();
  ensureInstalled((line) => console.log(line));
  process.exitCode = await handOver([fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}

try {
  if (!saysUsage(import.meta.url, process.argv.slice(2), ["--update", "--full", "--list"])) await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
