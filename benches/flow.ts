/** Flows of the built package: see `espalier.ts`. */
import { pathToFileURL } from "node:url";

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../dist/flow/index.js", import.meta.url) : pathToFileURL(`${folder}/flow/index.js`);

const flows = (await import(entry.href)) as typeof import("../src/flow/index.ts");

export const mapStream: typeof flows.mapStream = flows.mapStream;
