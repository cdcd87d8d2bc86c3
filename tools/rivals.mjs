#!/usr/bin/env node
/**
 * `npm run rivals`: what espalier is measured beside, in its newest versions.
 *
 * The pins of benches/package.json are set to what the registry calls newest, and those that the root pins too with them: one package
 * has one version here. A pin that is newer already stays. Figures name the versions they were measured with, so measure again then.
 *
 *   node tools/rivals.mjs          sets the pins, installs them and completes the lock file
 *   node tools/rivals.mjs --check  says what would be set
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isMain, outsideEnvironment, projectEnvironment, projectNode, root } from "./bootstrap/project.mjs";

/** @typedef {{ name: string, from: string, to: string }} Change */
/** @typedef {Readonly<Record<string, string>>} Pins */

const numbers = (/** @type {string} */ version) => version.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0);

/**
 * Whether a version comes after another. What is published ahead of a release (`2.0.0-rc.1`) is none.
 * @param {string} version
 * @param {string} other
 */
export function isNewer(version, other) {
  if (version.includes("-")) return false;
  const [left, right] = [numbers(version), numbers(other)];
  const place = left.findIndex((number, at) => number !== (right[at] ?? 0));
  return place >= 0 && /** @type {number} */ (left[place]) > (right[place] ?? 0);
}

/**
 * What is to be set, of the pins that are behind.
 * @param {Pins} pins
 * @param {Readonly<Record<string, { latest?: string }>>} outdated what `npm outdated --json` says
 * @returns {Change[]}
 */
export function changesOf(pins, outdated) {
  return Object.entries(pins).flatMap(([name, from]) => {
    const to = outdated[name]?.latest;
    return to !== undefined && isNewer(to, from) ? [{ name, from, to }] : [];
  });
}

/** @param {string} file */
const pinsOf = (file) => /** @type {{ devDependencies: Pins }} */ (JSON.parse(readFileSync(join(root, file), "utf8"))).devDependencies;

/**
 * @param {readonly string[]} args
 * @param {readonly number[]} [fine] exit codes that are no failure
 */
function npm(args, fine = [0]) {
  // By the pinned Node.js: an older one would be given older packages without a word.
  const { PATH } = projectEnvironment();
  const environment = { ...outsideEnvironment(), PATH };
  const { status, stdout, stderr, error } = spawnSync("npm", [...args, "--no-audit", "--no-fund"], { cwd: root, encoding: "utf8", env: environment, shell: process.platform === "win32" });
  if (status === null || !fine.includes(status)) throw new Error(`npm ${args.join(" ")} failed:\n${error?.message ?? stderr}`);
  return stdout;
}

function main() {
  // It exits with 1 when something is outdated.
  const outdated = JSON.parse(npm(["outdated", "--workspace", "benches", "--json"], [0, 1]) || "{}");
  const changes = changesOf(pinsOf("benches/package.json"), outdated);
  for (const { name, from, to } of changes) console.log(`${name} ${from} → ${to}`);
  if (changes.length === 0) console.log("All rivals are in their newest versions.");
  if (changes.length === 0 || process.argv.includes("--check")) return;
  const names = changes.map(({ name, to }) => `${name}@${to}`);
  npm(["install", "--workspace", "benches", "--save-dev", "--save-exact", ...names]);
  const own = pinsOf("package.json");
  const shared = changes.filter(({ name }) => name in own).map(({ name, to }) => `${name}@${to}`);
  if (shared.length > 0) npm(["install", "--save-dev", "--save-exact", ...shared]);
  const { status, stderr } = spawnSync(projectNode, [join(root, "tools/lockfile.mjs"), "--update"], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  console.log("They are set and installed. Try them out (npm test -- benches types), then measure again: npm run bench -- --write");
}

if (isMain(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
