#!/usr/bin/env node
/**
 * `npm run bench <suite>`: installs and builds when that is due, then runs the suite on the pinned Node.js.
 *
 * Standard output is the suite's alone; what is done before is told on standard error.
 */
import { fileURLToPath } from "node:url";
import { handOver } from "../tools/bootstrap/hand-over.mjs";
import { ensureInstalled } from "../tools/bootstrap/install.mjs";

const file = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

try {
  ensureInstalled((line) => console.error(line));
  // With ESPALIER_DIST another build is measured, and this one is left alone.
  const built = process.env["ESPALIER_DIST"] === undefined ? await handOver([file("../tools/build.mjs"), "--if-stale"]) : 0;
  process.exitCode = built !== 0 ? built : await handOver([file("bench.ts"), ...process.argv.slice(2)]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
