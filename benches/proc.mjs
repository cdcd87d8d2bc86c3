/**
 * What processes occupy and compute, as Linux tells of them in /proc; nothing anywhere else. Plain JavaScript: a program that measures
 * itself must not disappear beside who measures.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Whether processes can be asked here. */
export const canAsk = existsSync("/proc/self/smaps_rollup");

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // not Linux, or ended meanwhile
  }
}

/**
 * What a process occupied at most, in MB: all its pages, those too that it shares.
 *
 * @param {number | undefined} pid
 */
export function peakOf(pid) {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/**
 * A process and all below it, by the parents that /proc names.
 *
 * @param {number} pid
 */
export function family(pid) {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = read(`/proc/${name}/stat`)?.replace(/^.*\) \S /s, "").split(" ", 1)[0];
      return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
    });
  const all = [pid];
  for (const parent of all) all.push(...parents.filter((one) => one.parent === parent).map((one) => one.pid));
  return all;
}

/**
 * What some processes occupy together, in MB: private pages of each, and once those that are shared, for what one shares the others
 * share with it. So it does not matter which other programs have the same files open.
 *
 * @param {readonly number[]} pids
 */
export function occupied(pids) {
  const each = pids.map((pid) => {
    const rollup = read(`/proc/${pid}/smaps_rollup`) ?? "";
    const kilobytes = (/** @type {string} */ kind) => [...rollup.matchAll(new RegExp(`^${kind}_(?:Clean|Dirty): +(\\d+)`, "gm"))].reduce((total, [, value]) => total + Number(value), 0);
    return { own: kilobytes("Private"), shared: kilobytes("Shared") };
  });
  return (each.reduce((total, { own }) => total + own, 0) + Math.max(...each.map(({ shared }) => shared))) / 1024;
}

/**
 * Processor time of some processes so far, in ms. Linux counts it in hundredths of a second.
 *
 * @param {readonly number[]} pids
 */
export function computed(pids) {
  const ticks = pids.map((pid) => {
    // The name of a program, in brackets, may have spaces: what follows begins with the state.
    const fields = (read(`/proc/${pid}/stat`) ?? "").replace(/^.*\) /s, "").split(" ");
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return ticks.reduce((total, one) => total + one, 0) * 10;
}
