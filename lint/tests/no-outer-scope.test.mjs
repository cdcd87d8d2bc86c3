import { testRule } from "./rule-tester.mjs";

const head = `import { sleep, taskGroup, failAfter, type Scope, type TaskGroup } from "espalier";\n`;
const ts = (/** @type {string} */ code) => head + code;
const outer = { messageId: "outer" };

/** @param {string} code @param {{ output: string, use?: string, messageId?: string }} suggestion */
const invalid = (code, { output, messageId = "use" }) => ({ code: ts(code), errors: [{ ...outer, suggestions: [{ messageId, output: ts(output) }] }] });

testRule("no-outer-scope", {
  valid: [
    ts(`await taskGroup((group) => { group.spawn(async (scope) => { await sleep(1, scope); }); });`),
    { name: "a task starts another", code: ts(`await taskGroup((group) => { const visit = (page) => { group.spawn(async (scope) => { await sleep(1, scope); visit(page + 1); group.spawn(visit); }); }; visit(0); });`) },
    { name: "the group is told, not waited in", code: ts(`await taskGroup((group) => { group.spawn(async (scope) => { await sleep(1, scope); group.cancel("done"); group.reschedule(5); if (group.cancelled) return group.size; group.defer(() => {}); }); });`) },
    { name: "a task joins another in its own scope", code: ts(`await taskGroup((group) => { const a = group.spawn(f); group.spawn(async (own) => { await a.join(own); await group.start(f, own); await group.vacancy(own); }); });`) },
    { name: "both are given", code: ts(`await taskGroup((group) => { group.spawn((own) => crawl("/", group, own)); });`) },
    { name: "an unknown function may start tasks in the group", code: ts(`import { more } from "./more.js"; await taskGroup((group) => { group.spawn(async (own) => { more(group); await sleep(1, own); }); });`) },
    { name: "so may one of the file", code: ts(`function more(group: TaskGroup) { group.spawn(() => {}); } await taskGroup((group) => { group.spawn(() => more(group)); });`) },
    { name: "the same function, and functions that are called at once", code: ts(`async function f(scope: Scope) { await Promise.all([1, 2].map((n) => sleep(n, scope))); const own = () => sleep(1, scope); await own(); }`) },
    { name: "a submitted work belongs to the group", code: ts(`import { threads } from "espalier/threads"; await taskGroup((group) => { group.spawn(async () => { await threads.submit(job, 1, group); }); });`) },
    { name: "a pool belongs to the group", code: ts(`import { ResourcePool } from "espalier/sync"; await taskGroup((group) => { group.spawn(async () => { const pool = new ResourcePool(group, {}); }); });`) },
    { name: "not our spawn", code: `import { taskGroup } from "other"; await taskGroup((group) => { group.spawn(async (scope) => { await sleep(1, group); }); });` },
    { name: "a name that is shadowed is the inner one", code: ts(`await taskGroup((scope) => { scope.spawn(async (scope) => { await sleep(1, scope); }); });`) },
    { name: "handlers of a cancellation", code: ts(`async function f(scope: Scope) { scope.onCancel(() => console.log(scope.reason)); await sleep(1, scope); }`) },
    { name: "whether those around are cancelled is a fair question", code: ts(`async function f(scope: Scope) { await scope.shield(async (own) => { if (scope.cancelled) await sleep(1, own); scope.throwIfCancelled(); }); }`) },
    { name: "printing", code: ts(`async function f(scope: Scope) { await scope.shield(async (own) => { console.log(scope); await sleep(1, own); }); }`) },
    { name: "the tree as text", code: ts(`import { treeText } from "espalier/testing"; async function f(scope: Scope) { await scope.shield(async (own) => { treeText(scope); await sleep(1, own); }); }`) },
    { name: "a child is opened by its own parent", code: ts(`async function f(scope: Scope) { await scope.group(async (group) => { await group.failAfter(1, (own) => sleep(1, own)); }); await scope.group(() => {}); }`) },
    { name: "no scope is taken for one by its name alone", code: `async function f(scope) { await g(async (own) => { await sleep(1, scope); }); }` },
  ],
  invalid: [
    invalid(`await taskGroup((group) => { group.spawn(async (scope) => { await sleep(1, group); }); });`, {
      output: `await taskGroup((group) => { group.spawn(async (scope) => { await sleep(1, scope); }); });`,
    }),
    invalid(`await taskGroup((group) => { group.spawn(async () => { await sleep(1, group); }); });`, {
      messageId: "take",
      output: `await taskGroup((group) => { group.spawn(async (scope) => { await sleep(1, scope); }); });`,
    }),
    invalid(`async function f(scope: Scope) { await scope.failAfter(5, async (own) => { await load("x", scope); }); }`, {
      output: `async function f(scope: Scope) { await scope.failAfter(5, async (own) => { await load("x", own); }); }`,
    }),
    invalid(`async function f(scope: Scope) { await scope.shield(() => sleep(1, scope), { timeout: 5 }); }`, {
      messageId: "take",
      output: `async function f(scope: Scope) { await scope.shield((own) => sleep(1, own), { timeout: 5 }); }`,
    }),
    invalid(`async function f(scope: Scope) { scope.defer(async (own) => { await scope.checkpoint(); }); }`, {
      output: `async function f(scope: Scope) { scope.defer(async (own) => { await own.checkpoint(); }); }`,
    }),
    invalid(`async function f(scope: Scope) { await scope.map([1], async (n, own) => { await fetch("/", scope); }); }`, {
      output: `async function f(scope: Scope) { await scope.map([1], async (n, own) => { await fetch("/", own); }); }`,
    }),
    invalid(`async function f(scope: Scope) { await scope.all([async (own) => { await fetch("/", { signal: scope.signal }); }]); }`, {
      output: `async function f(scope: Scope) { await scope.all([async (own) => { await fetch("/", { signal: own.signal }); }]); }`,
    }),
    invalid(`async function f(scope: Scope) { await scope.group(async (group) => { await scope.failAfter(1, f); }); }`, {
      output: `async function f(scope: Scope) { await scope.group(async (group) => { await group.failAfter(1, f); }); }`,
    }),
    invalid(`import { Lock } from "espalier/sync"; const lock = new Lock(); async function f(scope: Scope) { await scope.group(async (group) => { await lock.use(() => {}, scope); }); }`, {
      output: `import { Lock } from "espalier/sync"; const lock = new Lock(); async function f(scope: Scope) { await scope.group(async (group) => { await lock.use(() => {}, group); }); }`,
    }),
    invalid(`async function visit(url: string, scope: Scope) {} await taskGroup((group) => { group.spawn(async (own) => { await visit("/", group); }); });`, {
      output: `async function visit(url: string, scope: Scope) {} await taskGroup((group) => { group.spawn(async (own) => { await visit("/", own); }); });`,
    }),
    {
      name: "a function with a scope of its own, wherever it is given to; through a renamed import of a subpath",
      code: `import * as e from "espalier"; import { type Scope as S } from "espalier/lowlevel"; async function f(outer: S) { const attempt = async (own: e.Scope) => { await e.sleep(1, outer); }; await attempt(outer); }`,
      errors: [{ ...outer, data: { outer: "outer", whose: "this scope", own: "`own`" }, suggestions: [{ messageId: "use", output: `import * as e from "espalier"; import { type Scope as S } from "espalier/lowlevel"; async function f(outer: S) { const attempt = async (own: e.Scope) => { await e.sleep(1, own); }; await attempt(outer); }` }] }],
    },
    { name: "nothing is suggested where the parameters are not plain", code: ts(`await taskGroup((group) => { group.spawn(async function () { await sleep(1, group); }); });`), errors: [outer] },
  ],
});
