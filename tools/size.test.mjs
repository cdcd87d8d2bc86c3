import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleForBrowser, explain, gzipped, sizeFindings, usingModule } from "./size.mjs";
import { fixtureTree } from "./source/fixture-tree.mjs";

const manifest = JSON.stringify({
  name: "lib",
  type: "module",
  sideEffects: false,
  exports: { ".": "./index.js" },
  imports: { "#host": { browser: "./browser.js", node: "./node.js" } },
});

test("bundleForBrowser() takes the browser's host, drops what is unused, and reports what stays outside", async (context) => {
  const folder = fixtureTree(context, {
    "package.json": manifest,
    "index.js": 'export { host } from "#host";\nexport const heavy = "x".repeat(5) + "heavy";\n',
    "browser.js": 'export const host = "a browser";\n',
    "node.js": 'import os from "node:os";\nexport const host = os.type();\n',
  });
  const light = await bundleForBrowser(usingModule('import { host } from "lib"'), folder);
  assert.match(light.code, /a browser/);
  assert.doesNotMatch(light.code, /heavy/);
  assert.deepEqual(light.outside, []);
  assert.deepEqual([...light.modules.keys()], ["browser.js"]);
  const whole = await bundleForBrowser(usingModule('import * as lib from "lib"'), folder);
  assert.match(whole.code, /heavy/);
  const platform = await bundleForBrowser('import "node:os";\nimport { host } from "lib";\nglobalThis.used = host;\n', folder);
  assert.deepEqual(platform.outside, ["node:os"]);
});

test("usingModule() uses every name, so that a bundler keeps it", () => {
  assert.equal(usingModule('import { a, b } from "lib"'), 'import { a, b } from "lib";\nglobalThis.used = [a, b];\n');
  assert.equal(usingModule('import * as all from "lib"'), 'import * as all from "lib";\nglobalThis.used = [all];\n');
  assert.throws(() => usingModule('import "lib"'), /is neither/);
});

test("sizeFindings() refuses a byte over the budget and a module of the platform", () => {
  const row = { imports: "import { a }", budget: 100, bytes: 0 };
  assert.deepEqual(sizeFindings(row, 100, []), []);
  assert.deepEqual(sizeFindings(row, 101, ["node:os"]), [
    "import { a } makes a browser load node:os",
    "import { a } costs 101 bytes, over its budget of 100 by 1",
  ]);
});

test("gzipped() counts bytes of the compressed text", () => {
  assert.ok(gzipped("a".repeat(10_000)) < 100);
});

test("explain() puts the largest module first", () => {
  const lines = explain(new Map([["small.js", "export const a = 1;"], ["large.js", `console.log("${"text ".repeat(50)}");`]]));
  assert.match(lines[0] ?? "", /large\.js$/);
  assert.match(lines[1] ?? "", /^ +\d+ minified +\d+ gzipped {2}small\.js$/);
});
