import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { licenceText } from "./bundle-cli.mjs";
import { fixtureTree } from "./source/fixture-tree.mjs";

test("licenceText() has name, version and text of each package, and refuses one that states no licence", (context) => {
  const folder = fixtureTree(context, {
    "a/package.json": '{ "name": "a", "version": "1.0.0", "license": "MIT" }',
    "a/LICENSE.md": "Copyright A\n",
    "b/package.json": '{ "name": "b", "version": "2.0.0", "license": "ISC" }',
    "c/package.json": '{ "name": "c", "version": "3.0.0" }',
  });
  const text = licenceText([join(folder, "a"), join(folder, "b")]);
  assert.match(text, /^a 1\.0\.0 \(MIT\)\n\nCopyright A\n\n-{72}\n\nb 2\.0\.0 \(ISC\)\n$/);
  assert.throws(() => licenceText([join(folder, "c")]), /c states no licence/);
});
