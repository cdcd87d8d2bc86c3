/** The functions of the suite as works of ours. */
import { pathToFileURL } from "node:url";
import * as functions from "./functions.mjs";

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../../dist/executor/index.js", import.meta.url) : pathToFileURL(`${folder}/executor/index.js`);

/** @type {{ work: (meta: ImportMeta, name: string, fn: (input: never) => unknown) => unknown }} */
const { work } = await import(entry.href);

export const multiplyBand = work(import.meta, "multiplyBand", functions.multiplyBand);
export const multiplyCopies = work(import.meta, "multiplyCopies", functions.multiplyCopies);
export const totals = work(import.meta, "totals", functions.totals);
