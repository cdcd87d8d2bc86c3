/** A sample, as `../sample.ts` makes one: again in plain JavaScript, see `tier-process.mjs`. */
import process from "node:process";

const shortestMs = process.env["BENCH_QUICK"] === "1" ? 0 : 40;

/**
 * A sample of `run`, which does the work of `items` items: µs for each. Short ones are repeated within one time.
 *
 * @param {number} items
 * @param {() => unknown} run
 */
export function timed(items, run) {
  let repeats = 1;
  return async () => {
    const began = performance.now();
    for (let i = 0; i < repeats; i++) await run();
    const took = performance.now() - began;
    const perItem = (took * 1000) / (repeats * items);
    if (took < shortestMs) repeats = Math.ceil(repeats * Math.min(10, shortestMs / took));
    return perItem;
  };
}
