/**
 * A throw-away project on disk for the tests of the checkers: removed when the test ends.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * @param {import("node:test").TestContext} context
 * @param {Record<string, string>} files contents by path
 * @returns {string} the folder
 */
export function fixtureTree(context, files) {
  const folder = mkdtempSync(join(tmpdir(), "espalier-tools-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
