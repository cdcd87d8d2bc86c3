import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}/docs/guide/errors.md`, "utf8");

/** What a pattern finds in the library: the commands have errors of their own. */
function inSources(pattern: RegExp): string[] {
  const files = globSync("src/**/*.ts", { cwd: root }).filter((file) => !/\.test\.ts$|^src\/(?:cli|inspect)\//.test(file));
  return files.flatMap((file) => [...readFileSync(`${root}/${file}`, "utf8").matchAll(pattern)].map(([, found = ""]) => found));
}

const sorted = (words: Iterable<string>): string[] => [...new Set(words)].toSorted();

/** What stands in backticks in the first columns of the tables under a heading. */
function inTables(heading: string, pattern: RegExp): string[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const rows = section.split("\n## ")[0]!.split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) => [...row.split(" | ")[0]!.matchAll(pattern)].map(([, word = ""]) => word));
}

test("docs/guide/errors.md has every code of MisuseError, and no other", () => {
  assert.deepEqual(sorted(inTables("MisuseError", /`"([A-Z_]+)"`/g)), sorted(inSources(/new MisuseError\(\s*"([A-Z_]+)"/g)));
});

test("docs/guide/errors.md has every class of errors, each under one heading", () => {
  const headed = ["TaskGroupError", "TimeoutError", "CancelledError", "MisuseError"];
  for (const name of headed) assert.match(page, new RegExp(`^## .*${name}`, "m"));
  const classes = inSources(/export class (\w+Error) extends/g);
  assert.deepEqual(sorted([...headed, ...inTables("Other errors", /`(\w+Error)`/g)]), sorted(classes));
});

test("docs/guide/errors.md has every code of the other errors", () => {
  for (const code of inSources(/get code\(\): "([A-Z_]+)"/g)) assert.ok(page.includes(`"${code}"`), code);
  for (const union of inSources(/export type (?:\w+Code|RequestEnd) = ((?:"[A-Z_]+"(?: \| )?)+);/g)) {
    for (const code of union.split(" | ")) assert.ok(page.includes(code), code);
  }
});
