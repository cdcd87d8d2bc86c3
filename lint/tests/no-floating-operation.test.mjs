import { testRule } from "./rule-tester.mjs";

const head = `import { all, openTaskGroup, run, sleep, taskGroup, type Scope, type Task, type TaskGroup } from "espalier";\n`;
const ts = (/** @type {string} */ code) => head + code;
const f = (/** @type {string} */ body) => ts(`async function f(scope: Scope, group: TaskGroup, task: Task<number>) { ${body} }`);
const awaits = (/** @type {string} */ before, /** @type {string} */ after) => ({ code: f(before), errors: [{ messageId: "floating", suggestions: [{ messageId: "await", output: f(after) }] }] });

testRule("no-floating-operation", {
  valid: [
    f(`await sleep(1, scope); return sleep(1, scope);`),
    f(`const nap = sleep(1, scope); await nap; void sleep(1, scope);`),
    { name: "tasks are waited for by their group", code: f(`group.spawn(g); group.trySpawn(g); group.cancel(); group.defer(g); group.onCancel(g); group.reschedule(1);`) },
    f(`sleep(1, scope).catch(() => {}); sleep(1, scope).then(g, h); sleep(1, scope).then(g).catch(h);`),
    f(`[1].forEach((n) => { group.spawn(g); }); await Promise.all([1].map((n) => sleep(n, scope)));`),
    f(`other.join(); path.join("a", "b"); list.map(g); emitter.wait(); db.all([g]);`),
    f(`openTaskGroup();`),
    ts(`run(main);`),
    { name: "another library's", code: `import { sleep } from "other"; import type { Scope } from "espalier"; function f(scope: Scope) { sleep(1); }` },
    { name: "a method of the same name on what is not known", code: f(`queue.put(1); sender.send(2, scope);`) },
    { name: "given to a call", code: f(`promises.push(sleep(1, scope)); await Promise.race([sleep(1, scope), g()]);`) },
    f(`const visit = () => sleep(1, scope); await visit();`),
    f(`await Promise.allSettled([1].map(async (n) => { await sleep(n, scope); }));`),
  ],
  invalid: [
    awaits(`sleep(1, scope);`, `await sleep(1, scope);`),
    awaits(`scope.group(() => {});`, `await scope.group(() => {});`),
    awaits(`taskGroup(() => {});`, `await taskGroup(() => {});`),
    awaits(`task.join();`, `await task.join();`),
    awaits(`group.spawn(g).settled();`, `await group.spawn(g).settled();`),
    awaits(`const child = group.spawn(g); child.join(scope);`, `const child = group.spawn(g); await child.join(scope);`),
    awaits(`group.start(g, scope);`, `await group.start(g, scope);`),
    awaits(`scope.checkpoint();`, `await scope.checkpoint();`),
    awaits(`if (x) scope.wait(promise);`, `if (x) await scope.wait(promise);`),
    awaits(`x && all([g]);`, `x && await all([g]);`),
    awaits(`sleep(1, scope).then(g);`, `await sleep(1, scope).then(g);`),
    awaits(`scope.failAfter(1, g).finally(h);`, `await scope.failAfter(1, g).finally(h);`),
    { name: "where it cannot be awaited", code: ts(`function f(scope: Scope) { sleep(1, scope); run(f); }`), errors: [{ messageId: "floating" }, { messageId: "floating" }] },
    { name: "in forEach", code: f(`[1].forEach(async (n) => { await sleep(n, scope); }); [1].forEach((n) => sleep(n, scope));`), errors: [{ messageId: "each" }, { messageId: "each" }] },
    {
      name: "locks and channels, by how they were made",
      code: `import { Lock } from "espalier/sync"; import { channel as open, type Receiver } from "espalier/channel"; const lock = new Lock(); const [sender] = open(1);
async function f(own, receiver: Receiver<number>) { lock.acquire(own); sender.send(1, own); receiver.receive(own); }`,
      errors: ["await lock", "await sender", "await receiver"].map((text) => ({
        messageId: "floating",
        suggestions: [
          {
            messageId: "await",
            output: `import { Lock } from "espalier/sync"; import { channel as open, type Receiver } from "espalier/channel"; const lock = new Lock(); const [sender] = open(1);
async function f(own, receiver: Receiver<number>) { lock.acquire(own); sender.send(1, own); receiver.receive(own); }`.replace(`${text.slice(6)}.`, (found, at, /** @type {string} */ all) => (at === all.indexOf(found, all.indexOf("async function")) ? text : found.slice(0, -1)) + "."),
          },
        ],
      })),
    },
  ],
});
