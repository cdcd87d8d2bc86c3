/** Locks and pools of the built package: see `espalier.ts`. */
import { pathToFileURL } from "node:url";

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../dist/sync/index.js", import.meta.url) : pathToFileURL(`${folder}/sync/index.js`);

const sync = (await import(entry.href)) as typeof import("../src/sync/index.ts");

export const Lock: typeof sync.Lock = sync.Lock;
