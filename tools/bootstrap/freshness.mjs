/**
 * Whether something made from files is still what those files make: by content, so that neither a checkout nor a
 * deleted source deceives it.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/**
 * Every file below a folder (or the file itself), sorted, relative to `base`, with forward slashes.
 * @param {string} base
 * @param {string} path
 * @returns {string[]}
 */
export function filesBelow(base, path) {
  const start = join(base, path);
  if (!existsSync(start)) return [];
  /** @type {string[]} */
  const found = [];
  const visit = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && entry.name !== ".git") visit(full);
      } else found.push(relative(base, full).split(sep).join("/"));
    }
  };
  try {
    visit(start);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOTDIR") throw error;
    return [path];
  }
  return found.sort();
}

/**
 * One hash over the names and contents of files.
 * @param {string} base
 * @param {readonly string[]} files
 */
export function fingerprint(base, files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(join(base, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * Whether the stamp names these inputs and all the outputs it recorded still exist.
 * @param {string} base
 * @param {string} stamp the stamp's path, relative to `base`
 * @param {string} inputs
 */
export function isFresh(base, stamp, inputs) {
  const file = join(base, stamp);
  if (!existsSync(file)) return false;
  const recorded = JSON.parse(readFileSync(file, "utf8"));
  return recorded.inputs === inputs && recorded.outputs.every((/** @type {string} */ output) => existsSync(join(base, output)));
}

/**
 * @param {string} base
 * @param {string} stamp
 * @param {string} inputs
 * @param {readonly string[]} outputs
 */
export function recordFresh(base, stamp, inputs, outputs) {
  const file = join(base, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ inputs, outputs })}\n`);
}
