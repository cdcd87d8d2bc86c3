/**
 * The built package under test: what users get, not the sources.
 *
 * ESPALIER_DIST names another dist folder, so that two revisions are compared by two runs and never share a process.
 */
import { pathToFileURL } from "node:url";

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../dist/index.js", import.meta.url) : pathToFileURL(`${folder}/index.js`);

const espalier = (await import(entry.href)) as typeof import("../src/index.ts");

export const all: typeof espalier.all = espalier.all;
export const failAfter: typeof espalier.failAfter = espalier.failAfter;
export const map: typeof espalier.map = espalier.map;
export const moveOnAfter: typeof espalier.moveOnAfter = espalier.moveOnAfter;
export const sleep: typeof espalier.sleep = espalier.sleep;
export const taskGroup: typeof espalier.taskGroup = espalier.taskGroup;
