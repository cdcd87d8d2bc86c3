/** A process that dies takes along what it ran, and nothing else. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { WorkerDiedError } from "espalier/executor";
import { commandOf } from "../conformance/programs/this-runtime.ts";
import { isBun, isNode, untilGone, withPool } from "./trial.ts";
import { begun, chats, disconnects, echo, exits, pidOf, waits } from "./works.ts";

const failureOf = (call: Promise<unknown>): Promise<unknown> => call.then(() => assert.fail("it succeeded"), (error: unknown) => error);

function diedOf(error: unknown, exit: unknown): true {
  assert.ok(error instanceof WorkerDiedError, String(error));
  assert.deepEqual({ code: error.code, exit: error.exit }, { code: "WORKER_DIED", exit });
  return true;
}

describe("a process that dies", () => {
  test("by process.exit fails what it ran, with the exit code, and the pool goes on", () =>
    withPool({ size: 1 }, async (pool, group) => {
      const before = await pool.run(pidOf, undefined, group);
      const [failure, others] = await Promise.all([failureOf(pool.run(exits, 7, group)), Promise.all([1, 2, 3].map((n) => pool.run(echo, n, group)))]);
      diedOf(failure, 7);
      assert.match((failure as Error).message, new RegExp(`process ${before} died while it ran this. It ended with exit code 7`));
      assert.deepEqual(others, [1, 2, 3]);
      assert.notEqual(await pool.run(pidOf, undefined, group), before);
      assert.equal(pool.statistics().died, 1);
    }));

  test("by a signal from outside fails exactly the calls that it held, with the signal", () =>
    withPool({ size: 2, perWorker: 2 }, async (pool, group) => {
      const running = new Map<number, Promise<unknown>[]>();
      const start = async (): Promise<void> => {
        let told: (pid: number) => void;
        const pid = new Promise<number>((resolve) => (told = resolve));
        const failure = failureOf(pool.run(waits, undefined, group, { offers: [begun.by((id) => told(id))] }));
        const id = await pid;
        running.set(id, [...(running.get(id) ?? []), failure]);
      };
      await Promise.all([start(), start(), start(), start()]);
      const [[first, held], [second, others]] = [...running] as [[number, Promise<unknown>[]], [number, Promise<unknown>[]]];
      assert.deepEqual([held.length, others.length], [2, 2]);
      process.kill(first, "SIGKILL");
      for (const failure of await Promise.all(held)) diedOf(failure, "SIGKILL");
      assert.equal(pool.statistics().running, 2);
      assert.notEqual(await pool.run(pidOf, undefined, group), second);
      process.kill(second, "SIGKILL");
      for (const failure of await Promise.all(others)) diedOf(failure, "SIGKILL");
    }));

  test("while it had nothing to do is replaced", () =>
    withPool({ size: 1 }, async (pool, group) => {
      const before = await pool.run(pidOf, undefined, group);
      process.kill(before, "SIGKILL");
      await untilGone(before);
      while (pool.statistics().workers > 0) await new Promise((resolve) => setImmediate(resolve));
      assert.notEqual(await pool.run(pidOf, undefined, group), before);
    }));

  test("without its channel is ended, and fails what it ran", () =>
    withPool({ size: 1 }, async (pool, group) => {
      diedOf(await failureOf(pool.run(disconnects, undefined, group)), "SIGKILL");
      assert.equal(await pool.run(echo, 1, group), 1);
    }));

  // Their last words go to the standard error: in a program of their own.
  test("by what it did not catch, or for want of memory, says so", { skip: isBun && "its heap has no limit" }, async () => {
    const program = fileURLToPath(new URL("./dying.ts", import.meta.url));
    const text = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, ["--conditions=espalier:source", program], (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr, { cause: error }))));
    });
    assert.deepEqual(JSON.parse(text), {
      uncaught: { code: "WORKER_DIED", exit: 1, cause: ["Unforeseen", "UNFORESEEN", "in a callback"], isUnforeseen: true },
      memory: { code: "WORKER_DIED", exit: isNode ? "SIGABRT" : "SIGTRAP" },
      after: "goes on",
    });
  });

  test("before it took its first call could not be started", { skip: !isNode && "modules cannot be put before it" }, () =>
    withPool({ size: 2, execArgv: ["--import=data:text/javascript,process.exit(9)"] }, async (pool, group) => {
      const error = await failureOf(pool.run(echo, 1, group));
      assert.ok(error instanceof WorkerDiedError);
      assert.deepEqual({ code: error.code, exit: error.exit }, { code: "WORKER_NOT_STARTED", exit: 9 });
    }));

  test("for it there is no such directory could not be started", () =>
    withPool({ cwd: "/nowhere/to/be/found" }, async (pool, group) => {
      const error = await failureOf(pool.run(echo, 1, group));
      assert.ok(error instanceof WorkerDiedError);
      assert.equal(error.code, "WORKER_NOT_STARTED");
      assert.equal((error.cause as NodeJS.ErrnoException).code, "ENOENT");
    }));
});

test("a process for which no descriptors are left is a failure of who asked for it, and the program goes on", { skip: process.platform === "win32" && "there is no such limit" }, async () => {
  const command = commandOf(fileURLToPath(new URL("./without-descriptors.ts", import.meta.url))).flat();
  const text = await new Promise<string>((resolve, reject) => {
    execFile("sh", ["-c", 'ulimit -n 128; exec "$0" "$@"', ...command], (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr, { cause: error }))));
  });
  assert.deepEqual(JSON.parse(text), { work: ["WORKER_NOT_STARTED", "EMFILE"], command: "EMFILE", after: "goes on" });
});

test("what a work sends by itself does no harm", () =>
  withPool({ size: 1 }, async (pool, group) => {
    assert.equal(await pool.run(chats, undefined, group), "said");
    assert.equal(await pool.run(echo, 1, group), 1);
  }));
