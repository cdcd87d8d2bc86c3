/**
 * Where the project is, and the Node.js it is developed on.
 *
 * Everything in bootstrap/ runs before anything is installed: plain JavaScript for Node 20, and no import but `node:`.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The pinned Node.js, a dev dependency: present once the project is installed. */
export const projectNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Whether this very process runs on the pinned Node.js. */
export function onProjectNode() {
  return existsSync(projectNode) && realpathSync(process.execPath) === realpathSync(projectNode);
}

/**
 * Whether the module was called as a program (and not imported).
 * @param {string} url its import.meta.url
 */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}

/** The environment with the pinned Node.js first in PATH, so that `node` means it in whatever is started. */
export function projectEnvironment() {
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: [dirname(projectNode), process.env["PATH"] ?? ""].join(separator) };
}

/** The environment without node_modules/.bin in PATH: what npm runs in while it replaces that very folder. */
export function outsideEnvironment() {
  const separator = process.platform === "win32" ? ";" : ":";
  const path = (process.env["PATH"] ?? "").split(separator).filter((entry) => !entry.startsWith(join(root, "node_modules")));
  return { ...process.env, PATH: path.join(separator) };
}
