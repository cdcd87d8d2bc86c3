/** The functions of the suite as works of ours. */
import process from "node:process";
import { pathToFileURL } from "node:url";
import * as functions from "./functions.mjs";

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../../dist/executor/index.js", import.meta.url) : pathToFileURL(`${folder}/executor/index.js`);

/** @type {{ work: (meta: ImportMeta, name: string, fn: (input: never) => unknown) => unknown }} */
const { work } = await import(entry.href);

export const noop = work(import.meta, "noop", functions.noop);
export const short = work(import.meta, "short", functions.short);
export const long = work(import.meta, "long", functions.long);
export const sum = work(import.meta, "sum", functions.sum);
export const tick = work(import.meta, "tick", functions.tick);
export const identify = work(import.meta, "identify", functions.identify);
export const multiplyBand = work(import.meta, "multiplyBand", functions.multiplyBand);
export const multiplyBandBySimd = work(import.meta, "multiplyBandBySimd", functions.multiplyBandBySimd);
export const multiplyCopies = work(import.meta, "multiplyCopies", functions.multiplyCopies);

/** Rows in fours, as `parallelFor` hands them out. */
export const multiplyFours = work(import.meta, "multiplyFours", (/** @type {{ from: number, to: number, shared: WebAssembly.Memory }} */ { from, to, shared }) => {
  functions.multiplyBand({ from: from * 4, to: to * 4, memory: shared });
});
