import { testRule } from "./rule-tester.mjs";

const head = `import { all, failAfter, map, openTaskGroup, taskGroup, type Cancellable, type Scope } from "espalier";\n`;
const ts = (/** @type {string} */ code) => head + code;
const f = (/** @type {string} */ body) => ts(`async function f(scope: Scope) { ${body} }`);

/** @param {string} before @param {string} after @param {(body: string) => string} [around] */
const opens = (before, after, around = f) => ({ code: around(before), errors: [{ messageId: "root", suggestions: [{ messageId: "open", output: around(after) }] }] });
const cancellable = (/** @type {string} */ body) => ts(`async function f(by: Cancellable) { ${body} }`);
const inTask = (/** @type {string} */ body) => ts(`await taskGroup((group) => { group.spawn(async (own) => { ${body} }); });`);

testRule("no-root-in-scope", {
  valid: [
    ts(`await taskGroup(() => {});`),
    ts(`async function f(url: string) { await taskGroup((group) => { group.spawn(g); }); }`),
    f(`await scope.group(() => {}); await scope.failAfter(1, g);`),
    f(`await taskGroup(() => {}, scope); await failAfter(1, g, scope); await map([1], g, scope);`),
    f(`await taskGroup(() => {}, { signal: scope.signal, name: "inner" });`),
    f(`await taskGroup(() => {}, { ...scope, errors: "first" });`),
    f(`await taskGroup(() => {}, options);`),
    f(`await using group = openTaskGroup(scope); await taskGroup(...given);`),
    { name: "a clock of its own is a world of its own", code: f(`await taskGroup(() => {}, { clock });`) },
    { name: "what runs later has no scope at hand", code: f(`server.on("request", async (request) => { await taskGroup(() => {}, request); }); server.on("close", () => void taskGroup(() => {}));`) },
    f(`const later = () => taskGroup(() => {}); return later;`),
    f(`scope.defer(() => all([g]));`),
    { name: "a group that is kept some day is not at hand", code: `import { taskGroup, type TaskGroup } from "espalier"; let kept!: TaskGroup; await taskGroup((group) => { kept = group; });` },
    { name: "another library's", code: `import { all, map } from "radash"; import type { Scope } from "espalier"; async function f(scope: Scope) { await all([g]); await map([1], g); }` },
    { name: "a name of one's own", code: `import type { Scope } from "espalier"; const all = (list) => list; async function f(scope: Scope) { all([1]); [1].map(g); }` },
  ],
  invalid: [
    opens(`await taskGroup((group) => {});`, `await scope.group((group) => {});`),
    opens(`await taskGroup((group) => {}, { errors: "first" });`, `await scope.group((group) => {}, { errors: "first" });`),
    opens(`await failAfter(1, g);`, `await scope.failAfter(1, g);`),
    opens(`return all([g, h]);`, `return scope.all([g, h]);`),
    opens(`await map([1], g, { concurrency: 2 });`, `await scope.map([1], g, { concurrency: 2 });`),
    opens(`await taskGroup(() => {}, undefined);`, `await scope.group(() => {}, undefined);`),
    opens(`await using group = openTaskGroup();`, `await using group = openTaskGroup(scope);`),
    opens(`await Promise.all([1, 2].map((n) => failAfter(n, g)));`, `await Promise.all([1, 2].map((n) => scope.failAfter(n, g)));`),
    opens(`await failAfter(1, g);`, `await own.failAfter(1, g);`, inTask),
    opens(`await failAfter(1, g);`, `await failAfter(1, g, by);`, cancellable),
    {
      name: "by its namespace; with options nothing is suggested where the scope has no methods",
      code: `import * as e from "espalier"; async function f(by: e.Cancellable) { await e.taskGroup(() => {}, { errors: "first" }); }`,
      errors: [{ messageId: "root", data: { name: "taskGroup", scope: "by", way: "taskGroup(…, by)" } }],
    },
    {
      name: "in a file of plain JavaScript a parameter with the customary name",
      code: `const { taskGroup } = require("espalier"); async function f(scope) { await taskGroup(() => {}); }`,
      errors: [{ messageId: "root", suggestions: [{ messageId: "open", output: `const { taskGroup } = require("espalier"); async function f(scope) { await scope.group(() => {}); }` }] }],
    },
    {
      name: "after an import that waits",
      code: `const lib = await import("espalier"); await lib.run(async (main) => { await lib.taskGroup(() => {}); });`,
      errors: [{ messageId: "root", suggestions: [{ messageId: "open", output: `const lib = await import("espalier"); await lib.run(async (main) => { await main.group(() => {}); });` }] }],
    },
  ],
});
