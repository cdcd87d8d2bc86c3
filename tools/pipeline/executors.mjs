/**
 * The suite of executors on Node.js, from source. Each executor on a cluster is a server and a process; what takes a hundred
 * of them is run on one kind of cluster, and stress on none, unless all is asked for.
 */
import { fromSource, runTests } from "./node-tests.mjs";

/** @typedef {import("./schedule.mjs").StepResult} StepResult */

const all = "tests/executors/**/*.test.ts";
const lengthy = ["cancelling", "lifecycle", "queueing"].map((name) => `tests/executors/${name}.test.ts`);
const longest = ["tests/executors/stress.test.ts"];

/**
 * @param {{ full: boolean }} options
 * @returns {Promise<StepResult>}
 */
export async function executorTests({ full }) {
  if (full) return runTests([all], fromSource);
  return together([
    await runTests([all], { ...fromSource, except: [...lengthy, ...longest] }),
    await runTests(lengthy, { ...fromSource, environment: { ESPALIER_CLUSTERS: "direct" } }),
    await runTests(longest, { ...fromSource, environment: { ESPALIER_CLUSTERS: "none" } }),
  ]);
}

/**
 * @param {readonly StepResult[]} results
 * @returns {StepResult}
 */
function together(results) {
  const counted = (/** @type {"passed" | "failed" | "skipped"} */ which) => results.reduce((sum, { counts }) => sum + (counts?.[which] ?? 0), 0);
  return {
    ok: results.every(({ ok }) => ok),
    output: results.map(({ output = "" }) => output).join(""),
    counts: { passed: counted("passed"), failed: counted("failed"), skipped: counted("skipped") },
    untested: results.flatMap(({ untested = [] }) => untested),
  };
}
