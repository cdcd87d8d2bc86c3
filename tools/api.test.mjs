import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf, isAnsweredElsewhere } from "./api.mjs";

test("entriesOf() names each subpath that has types, and only those", () => {
  const exports = {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./executor/threads": { types: "./dist/executor/threads/index.d.ts" },
    "./package.json": "./package.json",
    "./internal/*": null,
  };
  assert.deepEqual(entriesOf({ exports }), [
    { subpath: ".", name: "index", types: "./dist/index.d.ts" },
    { subpath: "./executor/threads", name: "executor-threads", types: "./dist/executor/threads/index.d.ts" },
  ]);
});

test("isAnsweredElsewhere() forgives a name that another subpath exports, and nothing else", () => {
  const exported = new Set(["Scope"]);
  assert.equal(isAnsweredElsewhere('The symbol "Scope" needs to be exported by the entry point lowlevel.d.ts', exported), true);
  assert.equal(isAnsweredElsewhere('The @link reference could not be resolved: The package "espalier" does not have an export "Scope"', exported), true);
  assert.equal(isAnsweredElsewhere('The symbol "Node" needs to be exported by the entry point lowlevel.d.ts', exported), false);
  assert.equal(isAnsweredElsewhere("The @param block has no name", exported), false);
});
