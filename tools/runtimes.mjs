#!/usr/bin/env node
/**
 * `npm run test:runtimes`: the suite of cases, models and executors on the built package, on each runtime.
 *
 *   npm run test:runtimes                     all runtimes
 *   npm run test:runtimes -- node-22 bun      these
 *   npm run test:runtimes -- --quick          of the executors, what may differ between runtimes, and not on Node.js 20, 24 and 26: what npm test does
 *   npm run test:runtimes -- --only flow      of the files, those whose name matches
 *   npm run test:runtimes -- --update         also writes docs/runtimes.md, which is compared otherwise
 *
 * Needs dist. What cannot run somewhere stands in tests/runtimes/skips.json, with the reason.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMain, root } from "./bootstrap/project.mjs";
import { saysUsage } from "./bootstrap/usage.mjs";
import { runnerIn } from "./runtimes/run.mjs";
import { readSkips, skipsFindings } from "./runtimes/skips.mjs";
import { differs, document, page } from "./runtimes/document.mjs";
import { chosen, hasChromium } from "./runtimes/targets.mjs";

/** @typedef {import("./runtimes/run.mjs").Run} Run */

/** @param {Run} run */
function line({ target, version, passed, skipped, failures, seconds, slowest }) {
  const mark = failures.length === 0 ? "✔" : "✖";
  return `${mark} ${`${target.title} (${version})`.padEnd(40)} ${passed} passed, ${failures.length} failed, ${skipped} left out; ${seconds.toFixed(0)} s (${slowest.join(", ")})`;
}

/**
 * Two at a time, in their order.
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
async function inPairs(items, work) {
  /** @type {R[]} */
  const results = [];
  const waiting = [...items.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all([lane(), lane()]);
  return results;
}

/**
 * Compares the document with what ran, or writes it.
 * @param {readonly Run[]} runs
 * @param {boolean} update
 */
function compareDocument(runs, update) {
  const file = join(root, page);
  const written = existsSync(file) ? readFileSync(file, "utf8") : "";
  const text = document(readSkips(), runs, written);
  if (update) writeFileSync(file, text);
  else if (differs(written, text)) {
    console.error(`${page} is not what skips.json says. Run: npm run test:runtimes -- --update`);
    process.exitCode = 1;
  }
}

/** @param {readonly string[]} args */
async function main(args) {
  if (saysUsage(import.meta.url, args, ["--quick", "--only", "--update"])) return;
  if (!existsSync(join(root, "dist/index.js"))) throw new Error("dist is not built, and it is what is tested. Run: npm run build");
  const at = args.indexOf("--only");
  const only = at === -1 ? undefined : new RegExp(args[at + 1] ?? "");
  const names = args.filter((arg, index) => !arg.startsWith("--") && (at === -1 || index !== at + 1));
  const quick = args.includes("--quick");
  const skips = readSkips();
  const findings = skipsFindings(skips);
  if (findings.length > 0) throw new Error(findings.join("\n"));

  const wanted = chosen(names);
  const present = wanted.filter((target) => target.command !== undefined || hasChromium());
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/runtimes-"));
  try {
    const run = runnerIn(folder, skips, { quick, ...(only === undefined ? {} : { only }) });
    const runs = await inPairs(present, async (target) => {
      const ended = await run(target);
      console.log(line(ended));
      for (const failure of ended.failures) console.error(`\n✖ ${target.title}: ${failure}\n`);
      return ended;
    });
    if (runs.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
    else if (only === undefined) compareDocument(runs, args.includes("--update") && !quick);
    for (const { title } of wanted.filter((target) => !present.includes(target))) console.log(`!! ${title}: chromium is not installed (apt-get install chromium)`);
    console.log(`${runs.reduce((sum, { passed }) => sum + passed, 0)} passed on ${runs.map(({ target }) => target.name).join(", ")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exitCode = 1;
  }
}
