import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("blocking-program.ts", import.meta.url));
const stalling = fileURLToPath(new URL("stalling-program.ts", import.meta.url));
const briefly = fileURLToPath(new URL("briefly-blocking-program.ts", import.meta.url));
const unwatched = fileURLToPath(new URL("unwatched-program.ts", import.meta.url));
const run = (...args: string[]): Promise<{ stdout: string; stderr: string }> => promisify(execFile)(process.execPath, ["--conditions=espalier:source", program, ...args]);

describe("a blocked event loop", () => {
  for (const how of ["crunch", "starve"]) {
    test(`is told while it is blocked, by ${how === "crunch" ? "a loop" : "microtasks without end"}: the line that runs, and the task`, async () => {
      const { stderr } = await run(how);
      assert.match(stderr, /^blocked-loop: The event loop is blocked for \d+ ms/m);
      assert.match(stderr, /^ {2}task +main > greedy$/m);
      assert.match(stderr, /^ {2}started +.*blocking-program\.ts:\d+$/m);
      assert.match(stderr, new RegExp(String.raw`^ {2}stood +(.*${how}.*|.*)(blocking-program|watched|beats)\.ts:\d+$`, "m"));
      assert.match(stderr, new RegExp(how));
    });
  }

  test("is told also where no single callback is long, by the turn that they make together", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", stalling, "callbacks"]);
    const { what, path } = JSON.parse(stdout) as { what: string; path: string[] };
    assert.match(what, /^The event loop is blocked for \d+ ms: /);
    assert.deepEqual(path, ["main"]);
  });

  test("is told also in pieces, where the short stalls of a second are half of it", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", stalling, "pieces"]);
    const { what, path } = JSON.parse(stdout) as { what: string; path: string[] };
    assert.match(what, /^Within a second the event loop stood still \d+ times, for \d+ ms together/);
    assert.deepEqual(path, ["main", "piecemeal"]);
  });

  for (const name of ["bun", "deno"]) {
    test(`is told on ${name} when it is over, without the line`, async () => {
      const command = fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
      const options = name === "deno" ? ["run", "--allow-all", "--conditions=espalier:source"] : ["--conditions=espalier:source"];
      const { stderr } = await promisify(execFile)(command, [...options, briefly], { env: { ...process.env, ESPALIER_DEBUG: "1" } });
      assert.match(stderr, /blocked-loop: The event loop was blocked for \d+ ms: /);
      assert.match(stderr, /^ {2}task +main > greedy$/m);
    });
  }

  test("of a worker is told when it is over: nobody can look at it", async () => {
    const { stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", briefly, "in a worker"], { env: { ...process.env, ESPALIER_DEBUG: "1" } });
    assert.match(stderr, /blocked-loop: The event loop was blocked for \d+ ms: /);
    assert.match(stderr, /^ {2}task +main > greedy$/m);
  });

  test("is told to who listens, afterwards", async () => {
    const { stdout, stderr } = await run("crunch", "listening");
    assert.doesNotMatch(stderr, /blocked-loop/);
    const report = JSON.parse(stdout) as { kind: string; name: string };
    assert.deepEqual([report.kind, report.name], ["blocked-loop", "greedy"]);
  });

  test("does not need somebody who reads what is told: the program goes on", async () => {
    const child = spawn(process.execPath, ["--conditions=espalier:source", program, "crunch"], { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.destroy();
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  for (const where of ["in an option", "in NODE_OPTIONS"]) {
    test(`is watched without what the program preloads ${where}: that may fail in a thread`, async () => {
      const preload = `--import=data:text/javascript,${encodeURIComponent('import { isMainThread } from "node:worker_threads"; if (!isMainThread) throw new Error("not here");')}`;
      const options = where === "in an option" ? [preload] : [];
      const env = { ...process.env, ...(where === "in an option" ? {} : { NODE_OPTIONS: preload }) };
      const { stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", ...options, program, "crunch"], { env });
      assert.match(stderr, /^ {2}task +main > greedy$/m);
      assert.doesNotMatch(stderr, /not here/);
    });
  }

  test("is told when it is over, where the watchdog has failed: that is not the end of the program", async () => {
    const { stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", unwatched]);
    assert.match(stderr, /The watchdog of the event loop has failed \(Error: broken\)/);
    assert.match(stderr, /blocked-loop: The event loop was blocked for \d+ ms: /);
    assert.match(stderr, /^ {2}task +main > greedy$/m);
  });
});
