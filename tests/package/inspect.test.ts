/** `espalier inspect`, as it is built: a program that it begins, the page, and the end of both. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { after, test } from "node:test";
import { execute, placePackage, type Project } from "./installed-package.ts";

const installed: Project = placePackage();
after(() => installed[Symbol.dispose]());
const bin: string = join(installed.folder, "dist/cli/main.js");

const program = `
import { sleepForever, taskGroup } from "espalier";
process.on("SIGTERM", () => process.exit(0));
await taskGroup((group) => {
  for (const n of process.argv.slice(2)) group.spawn(sleepForever, { name: "job " + n });
  console.log("pid", process.pid);
}, { name: "shop" });
`;

/** The first of a stream that fits; what follows is let go by. */
function found(stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.on("data", (chunk) => {
      text += String(chunk);
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    });
    stream.once("close", () => reject(new Error(`It ended without ${String(pattern)}: ${text}`)));
  });
}

test("it begins a program, serves its page, tells its tasks from their beginning, and ends both on SIGINT", async () => {
  const file = installed.write("shop.mjs", program);
  const folder = join(installed.project, "tmp");
  mkdirSync(folder);
  const command = spawn(process.execPath, [bin, "inspect", file, "17", "18"], { cwd: installed.project, env: { ...process.env, TMPDIR: folder } });
  const exit = once(command, "exit") as Promise<[number]>;
  const [[, pid], [address]] = await Promise.all([found(command.stdout, /pid (\d+)/), found(command.stderr, /http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//)]);
  const { body: page } = await get(address);
  assert.match(page, /<script type="module" src="page\.js">/);
  assert.ok((await get(`${address}page.js`)).body.length > 10_000);
  const events = request(`${address}events`, { agent: false }).end();
  const [response] = (await once(events, "response")) as [Readable];
  // Of what is there before anybody watches it is said that it is older.
  assert.doesNotMatch((await found(response, /"name":"job 17".*"name":"job 18"/s)).input, /isOlder/);
  events.on("error", () => {});
  command.kill("SIGINT");
  assert.deepEqual(await exit, [130, null]);
  assert.throws(() => process.kill(Number(pid), 0), { code: "ESRCH" });
  assert.deepEqual(readdirSync(folder), []);
});

async function get(address: string): Promise<{ body: string }> {
  const response = await fetch(address);
  return { body: await response.text() };
}

test("it says what is no program, and where there is none to be looked into", async () => {
  const missing = await execute(process.execPath, [bin, "inspect", "no-such-program.ts"], installed.project);
  assert.equal(missing.code, 2);
  assert.match(missing.output, /There is no program no-such-program\.ts, and it is no process id/);
  const gone = await execute(process.execPath, [bin, "inspect", String(2 ** 22 + 1)], installed.project);
  assert.equal(gone.code, 1);
  assert.match(gone.output, /There is no Node\.js, Bun or Deno program of yours with the process id/);
});
