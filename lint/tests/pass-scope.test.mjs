import { testRule } from "./rule-tester.mjs";

const head = `import { once } from "node:events";
import { readFile, writeFile, stat } from "node:fs/promises";
import { pipeline } from "stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { taskGroup, type Scope } from "espalier";\n`;
const f = (/** @type {string} */ body) => `${head}async function f(scope: Scope) { ${body} }`;
const gives = (/** @type {string} */ before, /** @type {string} */ after) => ({ code: f(before), errors: [{ messageId: "signal", suggestions: [{ messageId: "give", output: f(after) }] }] });

testRule("pass-scope", {
  valid: [
    f(`await fetch("/", scope); await fetch("/", { method: "POST", signal: scope.signal }); await fetch("/", { ...scope });`),
    f(`await fetch("/", init); await fetch(request); await fetch(new Request("/", scope)); await fetch(...given);`),
    f(`const given = new Request("/", scope); await fetch(given);`),
    f(`await once(server, "listening", scope); await delay(5, undefined, scope); await readFile("a", { encoding: "utf8", signal: scope.signal });`),
    f(`await once(server, "close", { signal }); await readFile("a", options); await writeFile("a", "text", scope);`),
    f(`await pipeline(from, to, scope); await pipeline(from, to, { signal: scope.signal });`),
    { name: "what takes no signal", code: f(`await stat("a"); setImmediate(() => {});`) },
    { name: "what has no scope at hand", code: `${head}async function f() { await fetch("/"); await delay(5); }` },
    { name: "what runs later", code: f(`server.on("close", async () => { await delay(5); }); const retry = async () => { await delay(5); }; scope.onCancel(() => fetch("/stopped"));`) },
    { name: "cleanup", code: f(`try { await g(scope); } finally { await fetch("/release"); }`) },
    { name: "left to itself on purpose", code: f(`await scope.wait(fetch("/"));`) },
    { name: "a fetch of one's own", code: f(`const fetch = make(); await fetch("/");`) },
    { name: "the timers of the platform give no promise", code: f(`setTimeout(() => {}, 5);`) },
    { name: "methods of the same name", code: f(`await client.fetch("/"); emitter.once("a", g); await cache.readFile("a");`) },
    { name: "a signal from elsewhere", code: f(`await fetch("/", { signal: AbortSignal.timeout(5) }); await delay(5, undefined, { signal });`) },
  ],
  invalid: [
    gives(`await fetch("/");`, `await fetch("/", scope);`),
    gives(`await fetch(url);`, `await fetch(url, scope);`),
    gives(`await fetch("/", { method: "POST" });`, `await fetch("/", { method: "POST", signal: scope.signal });`),
    gives(`await fetch("/", {});`, `await fetch("/", scope);`),
    gives(`await globalThis.fetch("/", undefined);`, `await globalThis.fetch("/", scope);`),
    gives(`await delay(5);`, `await delay(5, undefined, scope);`),
    gives(`await delay(5, "value");`, `await delay(5, "value", scope);`),
    gives(`await delay(5, undefined, { ref: false });`, `await delay(5, undefined, { ref: false, signal: scope.signal });`),
    gives(`await once(server, "listening");`, `await once(server, "listening", scope);`),
    gives(`await readFile("a", "utf8");`, `await readFile("a", { encoding: "utf8", signal: scope.signal });`),
    gives(`await writeFile("a", text);`, `await writeFile("a", text, scope);`),
    gives(`await pipeline(from, to);`, `await pipeline(from, to, scope);`),
    gives(`await pipeline(from, to, { end: false });`, `await pipeline(from, to, { end: false, signal: scope.signal });`),
    gives(`await Promise.all(urls.map((url) => fetch(url)));`, `await Promise.all(urls.map((url) => fetch(url, scope)));`),
    {
      name: "in a handler of requests",
      code: `import { nodeHandler } from "espalier/http"; export const handler = nodeHandler(service, async (request, response, group) => { await fetch("/"); });`,
      errors: [{ messageId: "signal", suggestions: [{ messageId: "give", output: `import { nodeHandler } from "espalier/http"; export const handler = nodeHandler(service, async (request, response, group) => { await fetch("/", group); });` }] }],
    },
    {
      name: "in a task, through namespaces",
      code: `import * as fs from "fs"; import * as e from "espalier"; await e.taskGroup((group) => { group.spawn(async (own) => { await fs.promises.readFile("a"); }); });`,
      errors: [{ messageId: "signal", data: { name: "promises.readFile", scope: "own" }, suggestions: [{ messageId: "give", output: `import * as fs from "fs"; import * as e from "espalier"; await e.taskGroup((group) => { group.spawn(async (own) => { await fs.promises.readFile("a", own); }); });` }] }],
    },
  ],
});
