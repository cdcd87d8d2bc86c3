/**
 * Brings node_modules to what package-lock.json says, and does nothing when it is there already.
 *
 * The comparison is by content: npm leaves a copy of the installed part of the lock file in node_modules, written last.
 * Times would not do: a checkout touches the lock file, an interrupted install touches node_modules.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { missingEntries } from "../lockfile.mjs";
import { outsideEnvironment, projectNode, root } from "./project.mjs";

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} Entry */

/**
 * The first package of the lock file that is not installed in the version it names, or undefined.
 * An optional package may be missing: it belongs to another platform.
 * @param {Record<string, Entry>} wanted  `packages` of package-lock.json
 * @param {Record<string, Entry>} present `packages` of node_modules/.package-lock.json
 */
export function firstDifference(wanted, present) {
  return Object.entries(wanted).find(([path, entry]) => {
    if (!path.startsWith("node_modules/")) return false;
    const found = present[path];
    if (found === undefined) return entry.optional !== true;
    return found.version !== entry.version;
  })?.[0];
}

/**
 * Why an install is needed, or undefined when all is there.
 * @param {string} folder
 */
export function reasonToInstall(folder) {
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return "nothing is installed yet";
  const { packages: wanted } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  const { packages: present } = JSON.parse(readFileSync(installed, "utf8"));
  const different = firstDifference(wanted, present);
  return different === undefined ? undefined : `${different.slice("node_modules/".length)} is not the one in package-lock.json`;
}

/**
 * Installs when needed, with one line to `say`. Throws with npm's output when npm fails.
 * @param {(line: string) => void} say
 */
export function ensureInstalled(say) {
  const reason = reasonToInstall(root) ?? (existsSync(projectNode) ? undefined : "the pinned Node.js is missing");
  if (reason === undefined) return;
  say(`Installing the development dependencies with npm ci (${reason}; half a minute) …`);
  const lacking = missingEntries(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  if (lacking.size > 0) {
    throw new Error(
      `package-lock.json lacks ${lacking.size} optional packages (${[...lacking.keys()][0]} …), which npm ci refuses. ` +
        "The lock file was written where those could not be read. Run: node tools/lockfile.mjs --update",
    );
  }
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    env: outsideEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  if (npm.error !== undefined) throw new Error(`npm could not be started: ${npm.error.message}. Is npm in PATH?`);
  if (npm.status !== 0) throw new Error(`npm ci failed (exit code ${npm.status}):\n${npm.stdout}${npm.stderr}`);
  if (!existsSync(projectNode)) {
    throw new Error(
      "npm ci ended well, but the pinned Node.js is not in node_modules/node/bin: its install script did not run. " +
        "Allow install scripts (npm config get ignore-scripts must say false) and call this again.",
    );
  }
}
