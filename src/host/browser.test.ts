import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

/** As in browsers. A port keeps Node.js alive: such a program has to be ended. */
const onlyMessages = 'delete globalThis.setImmediate; process.stdout.on("finish", () => process.exit());';

/** Runs a program that has the browser's host, in a process of its own, which ends when nothing is to come. */
async function run(program: string, before = ""): Promise<unknown> {
  const source = `${before}
    const { host } = await import(${JSON.stringify(new URL("./browser.ts", import.meta.url).href)});
    const log = [];
    ${program}
    process.stdout.end(JSON.stringify(log));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source]);
  return JSON.parse(stdout) as unknown;
}

test("the browser's host needs no process, and says who it is", async () => {
  assert.deepEqual(await run("log.push(host.runtime, host.process === undefined, host.now() <= host.now());"), ["browser", true, true]);
});

for (const [what, before] of [["in Node.js", ""], ["by messages", onlyMessages]] as const) test(`nextTurn(), ${what}, calls back once for each call, in order, after promise work`, async () => {
  const program = `
    for (const name of ["a", "b"]) host.nextTurn(() => log.push(name));
    void Promise.resolve().then(() => log.push("promise"));
    await new Promise((resolve) => host.nextTurn(resolve));
    host.nextTurn(() => log.push("c"));
    await new Promise((resolve) => host.nextTurn(resolve));`;
  assert.deepEqual(await run(program, before), ["promise", "a", "b", "c"]);
});

test("nextTurn(), in Node.js, lets somebody else's immediate have its turn after some turns at most", async () => {
  const program = `
    let others = false;
    setImmediate(() => (others = true));
    for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => host.nextTurn(resolve));
    log.push(others);`;
  assert.deepEqual(await run(program), [true]);
});

test("nextTurn() by messages, again and again, lets timers have their turn", async () => {
  const program = `
    let fired = false;
    setTimeout(() => (fired = true), 1);
    while (!fired) await new Promise((resolve) => host.nextTurn(resolve));
    log.push(fired);`;
  assert.deepEqual(await run(program, onlyMessages), [true]);
});

test("setTimer() calls back, clearTimer() keeps it from doing so", async () => {
  const program = `
    host.clearTimer(host.setTimer(() => log.push("cleared"), 1));
    await new Promise((resolve) => host.setTimer(resolve, 5));
    log.push("called");`;
  assert.deepEqual(await run(program), ["called"]);
});
