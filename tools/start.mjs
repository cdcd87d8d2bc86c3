#!/usr/bin/env node
/**
 * `npm start`: from a fresh clone to the comparison over real HTTP. Needs Node.js 20 or later and npm, nothing else.
 *
 * Installs and builds when that is due, then runs `espalier bench http` with the arguments it was given.
 * Standard output is the command's alone; what is done before is told on standard error. (npm writes a banner of its own there,
 * unless told not to: `npm start --silent -- --json`.)
 */
import { ensureInstalled } from "./bootstrap/install.mjs";
import { handOver } from "./bootstrap/hand-over.mjs";
import { root } from "./bootstrap/project.mjs";
import { join } from "node:path";

try {
  ensureInstalled((line) => console.error(line));
  const built = await handOver([join(root, "tools", "build.mjs"), "--if-stale"]);
  process.exitCode = built !== 0 ? built : await handOver([join(root, "dist", "cli", "main.js"), "bench", "http", ...process.argv.slice(2)]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
