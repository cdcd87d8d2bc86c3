import { testRule } from "./rule-tester.mjs";

const head = `import * as fs from "node:fs";
import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "child_process";
import { sleep, taskGroup, type Scope } from "espalier";
import { work } from "espalier/threads";\n`;
const ts = (/** @type {string} */ code) => head + code;

testRule("no-blocking-call", {
  valid: [
    ts(`const config = readFileSync("config.json");`),
    ts(`function load() { return readFileSync("config.json"); }`),
    ts(`async function f(scope: Scope) { await fs.promises.readFile("a"); existsSync("a"); }`),
    { name: "a work is there to block", code: ts(`export const hash = work(import.meta, "hash", async (path: string) => readFileSync(path)); export const all = work(import.meta, "all", (path: string, scope) => [path].map((one) => readFileSync(one)));`) },
    { name: "what runs later", code: ts(`async function f(scope: Scope) { process.on("exit", () => fs.rmSync("a")); await sleep(1, scope); }`) },
    { name: "a Sync of one's own", code: `import { writeSync } from "./pen.js"; import { sleep } from "espalier"; async function f() { writeSync("a"); paintSync(); }` },
    { name: "without the library", code: `import { readFileSync } from "fs"; async function f() { readFileSync("a"); }` },
    { name: "allowed", options: [{ allow: ["readFileSync"] }], code: ts(`async function f() { readFileSync("a"); }`) },
    ts(`async function f(scope: Scope) { condition.wait(array, 0, 0); }`),
  ],
  invalid: [
    { code: ts(`async function f() { return readFileSync("a"); }`), errors: [{ messageId: "blocks" }] },
    { code: ts(`function f(scope: Scope) { execFileSync("ls"); }`), errors: [{ messageId: "blocks" }] },
    { code: ts(`await taskGroup((group) => { group.spawn(() => { readFileSync("a"); }); });`), errors: [{ messageId: "blocks" }] },
    { code: ts(`async function f(scope: Scope) { return ["a"].map((one) => readFileSync(one)); }`), errors: [{ messageId: "blocks" }] },
    { code: ts(`async function f() { Atomics.wait(array, 0, 0); }`), errors: [{ messageId: "blocks", data: { name: "Atomics.wait", where: ": `Atomics.waitAsync`" } }] },
    {
      code: ts(`async function f() { return fs.readFileSync("a"); }`),
      errors: [{ messageId: "blocks", suggestions: [{ messageId: "await", output: ts(`async function f() { return await fs.promises.readFile("a"); }`) }] }],
    },
    {
      code: ts(`async function f() { return fs.readFileSync("a").length; }`),
      errors: [{ messageId: "blocks", suggestions: [{ messageId: "await", output: ts(`async function f() { return (await fs.promises.readFile("a")).length; }`) }] }],
    },
    { name: "nothing is suggested for what has no namesake", code: ts(`async function f() { fs.fsyncSync(1); }`), errors: [{ messageId: "blocks" }] },
    { name: "a default import", code: `import zlib from "zlib"; import { sleep } from "espalier"; async function f() { zlib.gzipSync("a"); }`, errors: [{ messageId: "blocks" }] },
  ],
});
