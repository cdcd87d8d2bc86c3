/**
 * What every pool of the suite runs: the same functions, called by name. Plain JavaScript, so that no worker spends memory on
 * taking types away.
 */
import process from "node:process";
import { threadId } from "node:worker_threads";

/** @template T @param {T} input */
export const noop = (input) => input;

/** So many turns take 10 µs on the machine whose figures are in the README; elsewhere it is the same work, not the same time. */
const turns = 8_000;

/** @param {number} input */
export function short(input) {
  let state = input | 0;
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

/** Keeps its worker busy for so many milliseconds. @param {number} ms */
export function long(ms) {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return ms;
}

/**
 * From minus zero, which is a double: V8 keeps a sum that began as a whole number in a box of its own, five times slower, unless the
 * function happens to be inlined.
 *
 * @param {Float64Array} values
 */
export function sum(values) {
  let total = -0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** Starts a timer that outlives the call, and counts in shared memory how often it fired. @param {{ every: number, counter: Int32Array, ticks: number }} input */
export function tick({ every, counter, ticks }) {
  let left = ticks;
  const timer = setInterval(() => {
    counter[0] = counter[0] + 1;
    if (--left === 0) clearInterval(timer);
  }, every);
}

/** Which worker this is; slow enough that two calls at once come to two workers. */
export function identify() {
  long(5);
  return `${process.pid}.${threadId}`;
}

export { multiplyBand, multiplyBandBySimd, multiplyCopies } from "./matrix.mjs";
