/** The tools for tests of the built package: see `espalier.ts`. */
import { pathToFileURL } from "node:url";

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../dist/testing/index.js", import.meta.url) : pathToFileURL(`${folder}/testing/index.js`);

const testing = (await import(entry.href)) as typeof import("../src/testing/index.ts");

export const explore: typeof testing.explore = testing.explore;
export const testClock: typeof testing.testClock = testing.testClock;
