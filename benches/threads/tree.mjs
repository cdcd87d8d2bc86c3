/**
 * What a program with a pool occupies, its processes included, after some products of matrices: in MB, every page counted once.
 *
 *   node tree.mjs <URL of the row's module> "<whole | added>: <pool>"
 *
 * Plain JavaScript and little else: what is measured is not to disappear beside who measures.
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { copiesOf, keepRows, matrices, size, verify } from "./matrix.mjs";

const workers = 2;
const products = 10;
const rowsOfBand = 32;

/** @typedef {(name: string, input: unknown) => PromiseLike<unknown>} Run */

/** This process and all below it, by the parents that /proc names. */
function family() {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [{ pid: Number(pid), parent: Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) \S /s, "").split(" ", 1)[0]) }];
      } catch {
        return []; // ended meanwhile
      }
    });
  const all = [process.pid];
  for (const parent of all) all.push(...parents.filter((one) => one.parent === parent).map(({ pid }) => pid));
  return all;
}

/**
 * Private pages of each, and once those that are shared: what one process shares, the others share with it. So it does not matter
 * which other programs have the same files open.
 */
function occupied() {
  const processes = family().map((pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const kilobytes = (/** @type {string} */ kind) => [...rollup.matchAll(new RegExp(`^${kind}_(?:Clean|Dirty): +(\\d+)`, "gm"))].reduce((total, [, value]) => total + Number(value), 0);
    return { own: kilobytes("Private"), shared: kilobytes("Shared") };
  });
  return (processes.reduce((total, { own }) => total + own, 0) + Math.max(...processes.map(({ shared }) => shared))) / 1024;
}

const memory = matrices();

/** @param {Run} run */
async function overSharedMemory(run) {
  await Promise.all(Array.from({ length: size / rowsOfBand }, (_, band) => run("multiplyBand", { from: band * rowsOfBand, to: (band + 1) * rowsOfBand, memory })));
}

/** @param {Run} run */
async function withCopies(run) {
  const rows = size / workers;
  await Promise.all(
    Array.from({ length: workers }, async (_, band) => {
      keepRows(memory, band * rows, /** @type {Float64Array} */ (await run("multiplyCopies", copiesOf(memory, band * rows, (band + 1) * rows))));
    }),
  );
}

/** @param {"threads" | "processes"} kind @returns {Promise<(body: (run: Run) => Promise<unknown>) => Promise<unknown>>} */
async function ours(kind) {
  const folder = process.env["ESPALIER_DIST"] ?? new URL("../../dist", import.meta.url).pathname;
  const { taskGroup } = await import(`${folder}/index.js`);
  const { openThreadPool, openProcessPool } = await import(`${folder}/executor/${kind}/index.js`);
  /** @type {Readonly<Record<string, unknown>>} */
  const works = await import("./works.mjs");
  const pool = (kind === "threads" ? openThreadPool : openProcessPool)({ size: workers, min: workers });
  return (body) => taskGroup((/** @type {unknown} */ group) => body((name, input) => pool.run(works[name], input, group)));
}

/** @param {"worker_threads" | "child_process"} runtime @returns {Promise<(body: (run: Run) => Promise<unknown>) => Promise<unknown>>} */
async function tinypool(runtime) {
  const { Tinypool } = await import("tinypool");
  const filename = new URL("functions.mjs", import.meta.url).href;
  const pool = new Tinypool({ filename, minThreads: workers, maxThreads: workers, runtime, ...(runtime === "child_process" ? { serialization: "advanced" } : {}) });
  return (body) => body((name, input) => pool.run(input, { name }));
}

/** @type {Readonly<Record<string, { open: () => Promise<(body: (run: Run) => Promise<unknown>) => Promise<unknown>>, multiply: (run: Run) => Promise<unknown> }>>} */
const pools = {
  "espalier, threads": { open: () => ours("threads"), multiply: overSharedMemory },
  "espalier, processes": { open: () => ours("processes"), multiply: withCopies },
  "tinypool, threads": { open: () => tinypool("worker_threads"), multiply: overSharedMemory },
  "tinypool, processes": { open: () => tinypool("child_process"), multiply: withCopies },
};

const [figure, name = ""] = (process.argv[3] ?? "").split(": ");
const before = figure === "added" ? occupied() : 0;
const { open, multiply } = pools[name];
const pool = await open();
await pool(multiply);
verify(memory.buffer);
for await (const _ of createInterface({ input: process.stdin })) {
  for (let n = 0; n < products; n++) await pool(multiply);
  console.log(occupied() - before);
}
process.exit();
