import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { host as bun } from "./bun.ts";
import { host as deno } from "./deno.ts";
import { host } from "./node.ts";

const nativeTimers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

test("the hosts of Node.js, Bun and Deno are told apart by name", () => {
  assert.deepEqual([host.runtime, bun.runtime, deno.runtime], ["node", "bun", "deno"]);
});

test("now() never runs backwards", () => {
  let last = host.now();
  for (let n = 0; n < 1_000; n++) {
    const now = host.now();
    assert.ok(now >= last);
    last = now;
  }
});

test("resources() lists what keeps Node.js alive; Bun's and Deno's hosts have none, for their silence says nothing", async () => {
  const timers = (): number => (host.resources?.() ?? []).filter((kind) => kind === "Timeout").length;
  const before = timers();
  const timer = host.setTimer(() => {}, 1_000);
  assert.equal(timers(), before + 1);
  host.clearTimer(timer);
  assert.deepEqual([bun.resources, deno.resources], [undefined, undefined]);
});

test("variable() reads the environment; on Deno only what the program may read, so that nobody is asked", () => {
  assert.deepEqual([host.variable?.("PATH"), host.variable?.("NOT_SET_ANYWHERE")], [process.env["PATH"], undefined]);
  const globals = globalThis as { Deno?: unknown };
  const querySync = ({ name, variable }: { name: string; variable: string }): { state: string } => ({ state: name === "env" && variable === "PATH" ? "granted" : "prompt" });
  assert.equal(deno.variable?.("PATH"), undefined);
  globals.Deno = { permissions: { querySync } };
  try {
    assert.deepEqual([deno.variable?.("PATH"), deno.variable?.("HOME")], [process.env["PATH"], undefined]);
  } finally {
    delete globals.Deno;
  }
});

test("warn() is a warning of the process, of our own type", async () => {
  const others = process.rawListeners("warning");
  process.removeAllListeners("warning");
  const warned = new Promise<Error>((resolve) => void process.once("warning", resolve));
  host.warn?.("look here");
  const { name, message } = await warned;
  for (const other of others) process.on("warning", other);
  assert.deepEqual([name, message], ["EspalierWarning", "look here"]);
});

describe("setTimer()", () => {
  test("setTimer() calls back once and keeps the process alive until then", async () => {
    const before = nativeTimers();
    let calls = 0;
    const fired = new Promise<void>((resolve) => {
      host.setTimer(() => {
        calls++;
        resolve();
      }, 1);
    });
    assert.equal(nativeTimers(), before + 1);
    await fired;
    await new Promise<void>((resolve) => host.nextTurn(resolve));
    assert.equal(calls, 1);
    assert.equal(nativeTimers(), before);
  });

  test("clearTimer() leaves nothing of it", () => {
    const before = nativeTimers();
    host.clearTimer(host.setTimer(() => assert.fail("called"), 1));
    assert.equal(nativeTimers(), before);
  });

  test("X04: setTimer() calls back outside of the async context of whoever set it", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen = await new Promise((resolve) => {
      storage.run("the caller's", () => host.setTimer(() => resolve(storage.getStore()), 1));
    });
    assert.equal(seen, undefined);
  });
});

describe("nextTurn()", () => {
  test("nextTurn() comes after all promise work that is ready", async () => {
    const log: string[] = [];
    await new Promise<void>((resolve) => {
      host.nextTurn(() => {
        log.push("turn");
        resolve();
      });
      void (async () => {
        for (let n = 0; n < 100; n++) await Promise.resolve();
        log.push("promises");
      })();
    });
    assert.deepEqual(log, ["promises", "turn"]);
  });

  test("nextTurn(), again and again, lets timers and I/O have their turn", async () => {
    let timer = false;
    let io = false;
    setTimeout(() => (timer = true), 1);
    const read = import("node:fs/promises").then(({ readFile }) => readFile(fileURLToPath(import.meta.url))).then(() => (io = true));
    while (!timer || !io) await new Promise<void>((resolve) => host.nextTurn(resolve));
    await read;
  });
});

describe("process", () => {
  const { process: own } = host;
  assert.ok(own !== undefined);

  test("onSignals() listens to each signal until it is told to stop", () => {
    const heard: string[] = [];
    const before = process.listenerCount("SIGCONT") + process.listenerCount("SIGHUP");
    const stop = own.onSignals(["SIGCONT", "SIGHUP"], (signal) => heard.push(signal));
    process.emit("SIGCONT", "SIGCONT");
    process.emit("SIGHUP", "SIGHUP");
    process.emit("SIGCONT", "SIGCONT");
    stop();
    assert.deepEqual(heard, ["SIGCONT", "SIGHUP", "SIGCONT"]);
    assert.equal(process.listenerCount("SIGCONT") + process.listenerCount("SIGHUP"), before);
  });

  test("onSignals() with one that cannot be listened to throws a TypeError that names them, and listens to none", () => {
    const before = process.listenerCount("SIGCONT");
    assert.throws(
      () => own.onSignals(["SIGCONT", "SIGKILL"], () => {}),
      (error) => error instanceof TypeError && /SIGKILL/.test(error.message),
    );
    assert.equal(process.listenerCount("SIGCONT"), before);
  });

  test("signalNumber() knows the numbers of the platform, and 0 for what is no signal", () => {
    assert.deepEqual(["SIGHUP", "SIGINT", "SIGTERM", "SIGNOTHING"].map((signal) => own.signalNumber(signal)), [1, 2, 15, 0]);
  });

  test("keepAlive() keeps the process alive until it is told to stop", () => {
    const before = nativeTimers();
    const stop = own.keepAlive();
    assert.equal(nativeTimers(), before + 1);
    stop();
    assert.equal(nativeTimers(), before);
  });

  for (const [what, program, code] of [
    ["exitWith() sets the code with which a program ends", "host.process.exitWith(7);", 7],
    ["exitWith() holds where an error goes uncaught", 'host.process.exitWith(7); void Promise.reject(new Error("E"));', 7],
    ["exit() ends a program that would go on", "setInterval(() => {}, 1_000); host.process.exit(7);", 7],
  ] as const) {
    test(what, async () => {
      const source = `import { host } from ${JSON.stringify(new URL("./node.ts", import.meta.url).href)}; ${program}`;
      const ended = await new Promise((resolve) => {
        execFile(process.execPath, ["--input-type=module", "-e", source], (error) => resolve(error === null ? 0 : error.code));
      });
      assert.equal(ended, code);
    });
  }
});
