/**
 * Steps in the order of their needs, a few at a time.
 *
 * Promises: a step starts only after every step it needs has passed; when one of those failed or did not run, it is not run
 * and says why. A step that comes `after` others waits for their end, whatever it was. A step that throws has failed. The results come in the order of the table, whatever ended first.
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ ok: boolean, output?: string, counts?: Counts, note?: string, untested?: readonly string[] }} StepResult */
/** @typedef {{ name: string, about: string, needs?: readonly string[], after?: readonly string[], run: () => Promise<StepResult> }} Step */
/** @typedef {StepResult & { name: string, about: string, seconds: number, blockedBy?: string }} StepReport */

/**
 * @param {readonly Step[]} steps
 * @param {{ width: number, onEnd?: (report: StepReport) => void, now?: () => number }} options
 * @returns {Promise<StepReport[]>}
 */
export async function runSteps(steps, { width, onEnd = () => {}, now = () => performance.now() }) {
  /** @type {Map<string, StepReport>} */
  const reports = new Map();
  const waiting = [...steps];
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  const present = new Set(steps.map((step) => step.name));

  /** What a step waits for, of those that are on the table. */
  const earlier = (/** @type {Step} */ step) => [...(step.needs ?? []), ...(step.after ?? [])].filter((name) => present.has(name));
  const end = (/** @type {StepReport} */ report) => {
    reports.set(report.name, report);
    onEnd(report);
  };
  const start = async (/** @type {Step} */ step) => {
    const began = now();
    /** @type {StepResult} */
    let result;
    try {
      result = await step.run();
    } catch (error) {
      result = { ok: false, output: `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n` };
    }
    end({ ...result, name: step.name, about: step.about, seconds: (now() - began) / 1000 });
  };

  while (waiting.length > 0 || running.size > 0) {
    for (const step of waiting.slice()) {
      const broken = (step.needs ?? []).find((name) => reports.get(name)?.ok === false);
      if (broken !== undefined) {
        waiting.splice(waiting.indexOf(step), 1);
        end({ ok: false, name: step.name, about: step.about, seconds: 0, blockedBy: broken });
      } else if (running.size < width && earlier(step).every((name) => reports.has(name))) {
        waiting.splice(waiting.indexOf(step), 1);
        const run = start(step).finally(() => running.delete(run));
        running.add(run);
      }
    }
    if (running.size > 0) await Promise.race(running);
    else if (waiting.length > 0 && !waiting.some((step) => earlier(step).every((name) => reports.has(name)))) {
      throw new Error(`steps wait for each other: ${waiting.map((step) => step.name).join(", ")}`);
    }
  }
  return steps.map((step) => /** @type {StepReport} */ (reports.get(step.name)));
}
