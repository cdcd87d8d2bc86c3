import assert from "node:assert/strict";
import { test } from "node:test";
import { cycles, examine, graph } from "./layers.mjs";
import { fixtureTree } from "./source/fixture-tree.mjs";

const manifest = JSON.stringify({
  name: "espalier",
  exports: { ".": { "espalier:source": "./src/index.ts", default: "./dist/index.js" } },
  imports: { "#host": { "espalier:source": { node: "./src/host/node.ts", default: "./src/host/browser.ts" }, node: "./dist/host/node.js" } },
});

/**
 * What the checker says of a tree, as `file:line message`.
 * @param {import("node:test").TestContext} context
 * @param {Record<string, string>} files
 */
function findings(context, files) {
  const folder = fixtureTree(context, { "package.json": manifest, ...files });
  return examine(folder).findings.map(({ file, line, message }) => `${file}:${line ?? ""} ${message}`);
}

const clean = {
  "src/errors/cancelled.ts": "export class CancelledError extends Error {}\n",
  "src/ports/host.ts": 'import type { CancelledError } from "../errors/cancelled.ts";\nexport interface Host { last?: CancelledError }\n',
  "src/host/node.ts": 'import { performance } from "node:perf_hooks";\nexport const now = () => performance.now();\n',
  "src/host/browser.ts": "export const now = () => performance.now();\n",
  "src/task/group.ts": 'import { now } from "#host";\nimport "../errors/cancelled.ts";\nexport const opened = now();\n',
  "src/index.ts": 'export { opened } from "./task/group.ts";\n',
  "src/cli/main.ts": 'import { opened } from "espalier";\nimport { parseArgs } from "node:util";\nimport pc from "picocolors";\nconsole.log(opened, parseArgs, pc);\n',
};

test("examine() finds nothing in a tree whose imports all go down", (context) => {
  assert.deepEqual(findings(context, clean), []);
});

test("examine() names an import of a layer below", (context) => {
  assert.deepEqual(findings(context, { ...clean, "src/errors/late.ts": '\nimport { opened } from "../task/group.ts";\nexport { opened };\n' }), [
    "src/errors/late.ts:2 imports src/task/group.ts: errors may import nothing",
  ]);
});

test("examine() counts types: import type, import() types, export … from and import()", (context) => {
  const forms = [
    'import type { opened } from "../task/group.ts";\nexport type A = typeof opened;\n',
    'export type A = typeof import("../task/group.ts").opened;\n',
    'export * from "../task/group.ts";\n',
    'export { opened } from "../task/group.ts";\n',
    'export const load = () => import("../task/group.ts");\n',
  ];
  for (const form of forms) {
    assert.deepEqual(findings(context, { ...clean, "src/scope/node.ts": form }), [
      "src/scope/node.ts:1 imports src/task/group.ts: scope may import only errors, ports",
    ]);
  }
});

test("examine() takes #host for the host layer", (context) => {
  assert.deepEqual(findings(context, { ...clean, "src/scope/node.ts": 'import { now } from "#host";\nexport { now };\n' }), [
    "src/scope/node.ts:1 imports src/host/node.ts: scope may import only errors, ports",
    "src/scope/node.ts:1 imports src/host/browser.ts: scope may import only errors, ports",
  ]);
});

test("examine() finds a circle of files inside one layer, also one of types only", (context) => {
  const circle = {
    "src/scope/a.ts": 'import type { B } from "./b.ts";\nexport type A = B;\n',
    "src/scope/b.ts": 'import type { C } from "./c.ts";\nexport type B = C;\n',
    "src/scope/c.ts": 'import type { A } from "./a.ts";\nexport type C = A;\n',
  };
  assert.deepEqual(findings(context, { ...clean, ...circle }), [
    "src/scope/a.ts: imports itself: src/scope/a.ts → src/scope/b.ts → src/scope/c.ts → src/scope/a.ts",
  ]);
});

test("examine() refuses platform modules and packages where a layer has none", (context) => {
  assert.deepEqual(findings(context, { ...clean, "src/sync/lock.ts": 'import { once } from "node:events";\nimport limit from "p-limit";\nexport { once, limit };\n' }), [
    "src/sync/lock.ts:1 imports node:events: sync knows no platform; what it needs of one goes through ports/",
    "src/sync/lock.ts:2 imports p-limit: sync depends on no package",
  ]);
});

test("examine() refuses files in no layer, ways out of src/, missing files and imported tests", (context) => {
  const tree = {
    ...clean,
    "src/extras/more.ts": "export {};\n",
    "src/task/out.ts": 'import "../../tests/kit.ts";\nimport "./gone.ts";\nimport "./group.test.ts";\n',
    "src/task/group.test.ts": "export {};\n",
  };
  assert.deepEqual(findings(context, tree), [
    "src/extras/more.ts: lies in no layer: give its folder a place in the table of tools/layers.mjs",
    "src/task/out.ts:1 imports tests/kit.ts, outside of src/",
    "src/task/out.ts:2 imports src/task/gone.ts, which does not exist",
    "src/task/out.ts:3 imports the test src/task/group.test.ts",
  ]);
});

test("examine() lets tests import what they like", (context) => {
  const tree = { ...clean, "src/errors/cancelled.test.ts": 'import "../task/group.ts";\nimport "node:test";\n', "src/errors/e.test-d.ts": 'import "../index.ts";\n' };
  assert.deepEqual(findings(context, tree), []);
});

test("examine() keeps the root entry free of what needs a platform", (context) => {
  const tree = { ...clean, "src/executor/pool.ts": "export const pool = 1;\n", "src/index.ts": 'export { pool } from "./executor/pool.ts";\n' };
  assert.match(findings(context, tree).join("\n"), /^src\/index\.ts:1 imports src\/executor\/pool\.ts: index\.ts may import only errors, .*flow, debug$/);
});

test("cycles() names a file that imports itself, and each circle once", () => {
  const edge = (/** @type {string} */ from, /** @type {string} */ to) => ({ from, to, line: 1 });
  assert.deepEqual(cycles([edge("a", "a"), edge("b", "c"), edge("c", "b"), edge("d", "b")]), [["a"], ["b", "c"]]);
});

test("graph() leaves out what follows from the rest", (context) => {
  const folder = fixtureTree(context, { "package.json": manifest, ...clean });
  const lines = graph(examine(folder).edges).split("\n");
  assert.equal(lines[0], "graph TD");
  assert.deepEqual(lines.slice(1), ["  cli --> index.ts", "  index.ts --> task", "  ports --> errors", "  task --> errors", "  task --> host"]);
});
