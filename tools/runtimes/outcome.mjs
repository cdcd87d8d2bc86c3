/** What a run on one runtime came to, from the lines that its program said. */

/** @typedef {import("./skips.mjs").Skip} Skip */
/** @typedef {{ file: string, path: readonly string[], outcome: "passed" | "failed" | "skipped", ms: number, error?: string }} Result */
/** @typedef {{ passed: number, skipped: number, failures: string[], slowest: string[] }} Outcome */

/**
 * @param {string} output each line of JSON is a result, or says what begins, or that all has ended; others are the tests' own
 * @returns {{ results: Result[], begun: string | undefined, hasEnded: boolean, others: string[] }}
 */
export function read(output) {
  /** @type {ReturnType<typeof read>} */
  const found = { results: [], begun: undefined, hasEnded: false, others: [] };
  for (const line of output.split("\n")) {
    if (line === "") continue;
    const said = line.startsWith("{") ? parsed(line) : undefined;
    if (said?.outcome !== undefined) found.results.push(said);
    else if (said?.begins !== undefined) found.begun = said.begins;
    else if (said?.ended === true) found.hasEnded = true;
    else found.others.push(line);
  }
  return found;
}

/** @param {string} line */
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * @param {readonly string[]} outputs of each program
 * @param {readonly Skip[]} skips those of this runtime
 * @param {readonly string[]} files those that were to run
 * @returns {Outcome}
 */
export function outcomeOf(outputs, skips, files) {
  const programs = outputs.map(read);
  const results = programs.flatMap((program) => program.results);
  const broken = programs.filter(({ hasEnded }) => !hasEnded);
  const failures = results
    .filter(({ outcome }) => outcome === "failed")
    .map(({ file, path, error }) => `${path.join(" > ")} (${file})\n${(error ?? "").replace(/^/gm, "    ")}`);
  for (const { begun, others } of broken) failures.push(`it ended in the middle of ${begun ?? "nothing"}\n${others.slice(-20).join("\n").replace(/^/gm, "    ")}`);
  const has = (/** @type {Skip} */ { file, test }) => test === undefined || results.some((result) => result.file === file && result.outcome === "skipped" && ` > ${result.path.join(" > ")}`.endsWith(` > ${test}`));
  for (const skip of skips) {
    if (broken.length === 0 && (skip.test === undefined || files.includes(skip.file)) && !has(skip)) failures.push(`"${skip.test}" of ${skip.file} is on the list of what is left out, and is not there: take it off`);
  }
  const count = (/** @type {Result["outcome"]} */ which) => results.filter(({ outcome }) => outcome === which).length;
  return { passed: count("passed"), skipped: count("skipped") + skips.filter(({ test }) => test === undefined).length, failures, slowest: slowestOf(results) };
}

/**
 * The files that took longest.
 * @param {readonly Result[]} results
 */
function slowestOf(results) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const { file, ms } of results) times.set(file, (times.get(file) ?? 0) + ms);
  return [...times].sort(([, a], [, b]) => b - a).slice(0, 3).map(([file, ms]) => `${(ms / 1000).toFixed(1)} s ${file}`);
}
