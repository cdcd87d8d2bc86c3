/** tests/runtimes/skips.json: what cannot run on some runtime, by file and title, with the reason. */
import { globSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { root } from "../bootstrap/project.mjs";
import { chosen } from "./targets.mjs";

export const list = "tests/runtimes/skips.json";

/**
 * A place on the list. Without `test`, the whole file, or the files of a pattern; `missing` is what users of those runtimes do without.
 * @typedef {{ file: string, test?: string, runtimes: readonly string[], reason: string, missing?: string }} Skip
 */

/** @returns {Skip[]} */
export const readSkips = () => JSON.parse(readFileSync(join(root, list), "utf8"));

/**
 * The places that hold for a runtime.
 * @param {readonly Skip[]} skips
 * @param {string} name
 */
export function skipsOf(skips, name) {
  return skips.filter(({ runtimes }) => chosen(runtimes).some((target) => target.name === name));
}

/**
 * Whether a whole file is left out.
 * @param {readonly Skip[]} skips those of a runtime
 * @param {string} file
 */
export function isLeftOut(skips, file) {
  return skips.some((skip) => skip.test === undefined && matchesGlob(file, skip.file));
}

/**
 * What is wrong with the list itself.
 * @param {readonly Skip[]} skips
 * @returns {string[]}
 */
export function skipsFindings(skips) {
  return skips.flatMap((skip) => {
    const place = `${list}: "${skip.test ?? skip.file}"`;
    const findings = [];
    if (globSync(skip.file, { cwd: root }).length === 0) findings.push(`${place} is of ${skip.file}, which is not there`);
    if (typeof skip.reason !== "string" || skip.reason.trim().length < 10) findings.push(`${place} has no reason`);
    try {
      if (chosen(skip.runtimes).length === 0 || skip.runtimes.length === 0) findings.push(`${place} names no runtime`);
    } catch (error) {
      findings.push(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return findings;
  });
}
