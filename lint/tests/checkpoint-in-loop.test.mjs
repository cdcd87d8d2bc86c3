import { testRule } from "./rule-tester.mjs";

const head = `import { sleep, taskGroup, type Cancellable, type Scope } from "espalier";\n`;
const f = (/** @type {string} */ body) => `${head}async function f(items: string[], scope: Scope) { ${body} }`;
const asks = (/** @type {string} */ before, /** @type {string} */ after) => ({ code: f(before), errors: [{ messageId: "deaf", suggestions: [{ messageId: "ask", output: f(after) }] }] });

testRule("checkpoint-in-loop", {
  valid: [
    f(`for (const item of items) await save(item, scope);`),
    f(`for (const item of items) { scope.throwIfCancelled(); await save(item); }`),
    f(`for (const item of items) { await save(item); await scope.checkpoint(); }`),
    f(`while (!scope.cancelled) await save(items.pop());`),
    f(`for await (const item of receiver.items(scope)) await save(item);`),
    { name: "what it goes over knows the scope", code: f(`const source = open(scope); for await (const item of source) await save(item);`) },
    { name: "what it calls knows the scope", code: f(`const save = (item: string) => fetch(item, scope); for (const item of items) await save(item);`) },
    f(`async function save(item: string) { await send(item); } async function send(item: string) { await fetch(item, scope); } for (const item of items) await save(item);`),
    f(`const client = new Client({ signal: scope.signal }); for (const item of items) await client.send(item);`),
    f(`for (const item of items) await save(item, { signal });`),
    { name: "tasks end with their group", code: f(`for (const task of tasks) await task.join();`) },
    { name: "a loop that waits for nothing", code: f(`for (const item of items) print(item);`) },
    { name: "what is started in a loop is not waited for there", code: f(`for (const item of items) later(async () => { await save(item); });`) },
    { name: "a few things that are written down", code: f(`for (const name of ["a", "b"]) await save(name);`) },
    { name: "cleanup runs to its end", code: f(`try { await g(scope); } finally { for (const item of items) await close(item); }`) },
    f(`await scope.shield(async (own) => { for (const item of items) await close(item); }); scope.defer(async (own) => { for (const item of items) await close(item); });`),
    { name: "a function that has no scope", code: `${head}async function f(items) { for (const item of items) await save(item); }` },
    f(`server.on("request", async () => { for (const item of items) await save(item); });`),
    { name: "the loop around knows", code: f(`for (const item of items) { for (const part of item) { await save(part); scope.throwIfCancelled(); } }`) },
  ],
  invalid: [
    asks(`for (const item of items) { await save(item); }`, `for (const item of items) { scope.throwIfCancelled(); await save(item); }`),
    asks(`while (items.length > 0) {\n    await save(items.pop());\n  }`, `while (items.length > 0) {\n    scope.throwIfCancelled();\n    await save(items.pop());\n  }`),
    asks(`for await (const line of input) { print(line); }`, `for await (const line of input) { scope.throwIfCancelled(); print(line); }`),
    asks(`for (let n = 0; n < 5; n++) { for (const item of items) { await save(item); } }`, `for (let n = 0; n < 5; n++) { scope.throwIfCancelled(); for (const item of items) { await save(item); } }`),
    { name: "nothing is suggested where there is no block", code: f(`for (const item of items) await save(item);`), errors: [{ messageId: "deaf" }] },
    {
      name: "in a task",
      code: `${head}await taskGroup((group) => { group.spawn(async (own) => { do { await step(); } while (more()); }); });`,
      errors: [{ messageId: "deaf", suggestions: [{ messageId: "ask", output: `${head}await taskGroup((group) => { group.spawn(async (own) => { do { own.throwIfCancelled(); await step(); } while (more()); }); });` }] }],
    },
    {
      name: "with what has a signal only",
      code: `${head}async function f(by: Cancellable) { for (;;) { await step(); } }`,
      errors: [{ messageId: "deaf", suggestions: [{ messageId: "ask", output: `${head}async function f(by: Cancellable) { for (;;) { by.signal.throwIfAborted(); await step(); } }` }] }],
    },
  ],
});
