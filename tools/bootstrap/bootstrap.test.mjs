import assert from "node:assert/strict";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fixtureTree } from "../source/fixture-tree.mjs";
import { filesBelow, fingerprint, isFresh, recordFresh } from "./freshness.mjs";
import { firstDifference, reasonToInstall } from "./install.mjs";

const wanted = { "": {}, benches: {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b-darwin": { version: "1.0.0", optional: true } };

test("firstDifference() is undefined when all is installed but other platforms' packages", () => {
  assert.equal(firstDifference(wanted, { "node_modules/a": { version: "1.0.0" }, "node_modules/more": { version: "3.0.0" } }), undefined);
});

test("firstDifference() names what is missing or of another version", () => {
  assert.equal(firstDifference(wanted, {}), "node_modules/a");
  assert.equal(firstDifference(wanted, { "node_modules/a": { version: "1.0.1" } }), "node_modules/a");
  assert.equal(firstDifference(wanted, { "node_modules/a": { version: "1.0.0" }, "node_modules/b-darwin": { version: "0.9.0" } }), "node_modules/b-darwin");
});

test("reasonToInstall() looks at what is there, not at times", (context) => {
  const lock = JSON.stringify({ packages: wanted });
  const folder = fixtureTree(context, { "package-lock.json": lock });
  assert.equal(reasonToInstall(folder), "nothing is installed yet");
  const installed = fixtureTree(context, { "package-lock.json": lock, "node_modules/.package-lock.json": lock });
  utimesSync(join(installed, "node_modules/.package-lock.json"), 0, 0);
  assert.equal(reasonToInstall(installed), undefined);
  writeFileSync(join(installed, "package-lock.json"), lock.replace("1.0.0", "2.0.0"));
  assert.equal(reasonToInstall(installed), "a is not the one in package-lock.json");
});

test("filesBelow() lists files in a fixed order, takes a file for itself, and leaves node_modules out", (context) => {
  const folder = fixtureTree(context, { "src/b/c.ts": "", "src/a.ts": "", "src/node_modules/x.js": "", "one.json": "" });
  assert.deepEqual(filesBelow(folder, "src"), ["src/a.ts", "src/b/c.ts"]);
  assert.deepEqual(filesBelow(folder, "one.json"), ["one.json"]);
  assert.deepEqual(filesBelow(folder, "none"), []);
});

test("fingerprint() changes with a content, a name, and a file's absence, and with nothing else", (context) => {
  const folder = fixtureTree(context, { "a.ts": "1", "b.ts": "2", "c.ts": "1" });
  const before = fingerprint(folder, ["a.ts", "b.ts"]);
  assert.notEqual(fingerprint(folder, ["a.ts"]), before);
  assert.notEqual(fingerprint(folder, ["c.ts", "b.ts"]), before);
  utimesSync(join(folder, "a.ts"), 0, 0);
  assert.equal(fingerprint(folder, ["a.ts", "b.ts"]), before);
  writeFileSync(join(folder, "a.ts"), "3");
  assert.notEqual(fingerprint(folder, ["a.ts", "b.ts"]), before);
});

test("isFresh() holds until an input changes or an output is gone", (context) => {
  const folder = fixtureTree(context, { "dist/a.js": "" });
  assert.equal(isFresh(folder, ".cache/build.json", "x"), false);
  recordFresh(folder, ".cache/build.json", "x", ["dist/a.js"]);
  assert.equal(isFresh(folder, ".cache/build.json", "x"), true);
  assert.equal(isFresh(folder, ".cache/build.json", "y"), false);
  rmSync(join(folder, "dist/a.js"));
  assert.equal(isFresh(folder, ".cache/build.json", "x"), false);
});
