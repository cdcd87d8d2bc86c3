/** One run of the suite on one runtime. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../pipeline/command.mjs";
import { runInChromium } from "./browser.mjs";
import { outcomeOf } from "./outcome.mjs";
import { isLeftOut, skipsOf } from "./skips.mjs";
import { bundleForPage, suiteFiles, writeProject } from "./suite.mjs";

/** What a program of its own runs: these share what their modules keep, and leave it behind. */
const alone = "tests/executors/";
/** Runtimes that a quick run takes all of these for granted on: Node.js 26 has run them from source, 24 is in between, and 20 is a courtesy. */
const granted = ["node-20", "node-24", "node-26"];
/** And these on all: they are about who comes when, which the pool decides by itself, whatever it runs on. */
const grantedEverywhere = /^tests\/executors\/(queueing|room|stress|taken-back)\.test\.ts$/;

/** What a quick run holds clusters to: each of their executors is a server and a process, and the step `executors` has held them to more. */
const withClusters = ["tests/executors/results.test.ts", "tests/executors/parallel-failing.test.ts"];

/** @typedef {import("./targets.mjs").Target} Target */
/** @typedef {import("./skips.mjs").Skip} Skip */
/** @typedef {import("./outcome.mjs").Outcome & { target: Target, version: string, seconds: number }} Run */

/** A run that takes longer hangs. */
const limit = 900_000;
/** So many times fewer random programs than in the unit tests, which run them all on Node.js. */
const fewerPrograms = 10;

/**
 * @param {string} folder where the project may be made
 * @param {readonly Skip[]} skips
 * @param {{ only?: RegExp, quick?: boolean }} [options] of the files, those whose name matches `only`; `quick` leaves out
 *   the longest where they have the least to tell
 * @returns {(target: Target) => Promise<Run>}
 */
export function runnerIn(folder, skips, { only = /^/, quick = false } = {}) {
  const all = suiteFiles().filter((file) => only.test(file));
  /** @type {ReturnType<typeof writeProject> | undefined} */
  let project;

  const filesOf = (/** @type {readonly Skip[]} */ left) => all.filter((file) => !isLeftOut(left, file));
  const plan = (/** @type {readonly { file: string }[]} */ files, /** @type {readonly string[]} */ names, /** @type {readonly Skip[]} */ left) => ({
    files: files.filter(({ file }) => names.includes(file)),
    leftOut: left.filter(({ test }) => test !== undefined).map(({ file, test }) => ({ file, test })),
    fewerPrograms,
  });

  return async (target) => {
    const began = performance.now();
    const left = skipsOf(skips, target.name).filter(({ file, test }) => !(quick && test?.startsWith("on cluster") && !withClusters.includes(file)));
    const names = filesOf(left).filter((file) => !(quick && (granted.includes(target.name) ? file.startsWith(alone) : grantedEverywhere.test(file))));
    const ran = target.command === undefined ? await inBrowser(target) : await asProgram(target, target.command);
    return { target, version: ran.version, seconds: (performance.now() - began) / 1000, ...outcomeOf(ran.outputs, left, names) };

    /** @param {Target} of */
    async function inBrowser({ where = "page" }) {
      const { scripts, modules } = await bundleForPage(names);
      const { output, version } = await runInChromium(scripts, where, plan(modules, names, left), { limit });
      return { outputs: [output], version };
    }

    /** @param {Target} of @param {readonly string[]} command */
    async function asProgram({ name, environment }, [program = "", ...args]) {
      const { program: file, modules } = await (project ??= writeProject(folder, all));
      const { output: version } = await runCommand(program, ["--version"], { limit: 120_000 });
      /** @type {string[]} */
      const outputs = [];
      const batches = [names.filter((test) => !test.startsWith(alone)), ...names.filter((test) => test.startsWith(alone)).map((test) => [test])];
      for (const [index, batch] of batches.filter(({ length }) => length > 0).entries()) {
        const written = join(folder, `plan-${name}-${index}.json`);
        writeFileSync(written, JSON.stringify(plan(modules, batch, left)));
        const clusters = quick && !batch.some((test) => withClusters.includes(test)) ? { ESPALIER_CLUSTERS: "none" } : {};
        const told = join(folder, `results-${name}-${index}.txt`);
        const { output } = await runCommand(program, [...args, file, written, told], { limit, folder, environment: { NO_COLOR: "1", NODE_TEST_CONTEXT: undefined, ...environment, ...clusters } });
        outputs.push(`${existsSync(told) ? readFileSync(told, "utf8") : ""}${output}`);
      }
      return { outputs, version: /\d+\.\d+\.\d+/.exec(version)?.[0] ?? "unknown" };
    }
  };
}
