/** spawn, execFile, exec and fork, each given the scope itself: its cancellation ends the process. */
import assert from "node:assert/strict";
import { type ChildProcess, exec, execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { moveOnAfter, taskGroup, TaskGroupError } from "espalier";
import { isA, scenario, thrownBy } from "../conformance/case.ts";
import { interruptible } from "./interruption.ts";

const endless = ["-e", "process.stdout.write('ready'); setInterval(() => {}, 1_000)"];

/** Says that the process runs, and waits for its end, however it comes. */
async function ended(child: ChildProcess, begun: () => void): Promise<unknown> {
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdout?.once("data", begun);
  child.once("message", begun);
  try {
    return await once(child, "exit");
  } finally {
    await closed;
  }
}

interruptible("spawn", (scope, begun) => ended(spawn(process.execPath, endless, scope), begun));

interruptible("spawn with options of its own", (scope, begun) =>
  ended(spawn(process.execPath, endless, { ...scope, stdio: ["ignore", "pipe", "ignore"], killSignal: "SIGKILL" }), begun),
);

interruptible("execFile", (scope, begun) => {
  const call = promisify(execFile)(process.execPath, endless, scope);
  call.child.stdout?.once("data", begun);
  return call;
});

interruptible("exec", (scope, begun) => {
  const call = promisify(exec)(`exec "${process.execPath}" -e "process.stdout.write('ready'); setInterval(() => {}, 1000)"`, scope);
  call.child.stdout?.once("data", begun);
  return call;
});

interruptible("fork", (scope, begun) => ended(fork(join(import.meta.dirname, "endless-child.mjs"), { ...scope, execArgv: [] }), begun));

scenario("a process that was cut has ended when its group has", async () => {
  let child!: ChildProcess;
  await moveOnAfter(Infinity, (outer) =>
    outer.group((group) => {
      group.spawn((scope) => {
        child = spawn(process.execPath, endless, scope);
        return ended(child, () => outer.cancel());
      });
    }),
  );
  assert.equal(child.signalCode, "SIGTERM");
});

scenario("a process that fails by itself is an ordinary error", async () => {
  const error = await thrownBy(taskGroup((group) => promisify(execFile)(process.execPath, ["-e", "process.exit(3)"], group)));
  const [failure] = isA(error, TaskGroupError).errors as [Error & { code: number }];
  assert.equal(failure.code, 3);
});

scenario("a process that ends well in a scope gives what it wrote", async () => {
  await taskGroup(async (group) => {
    const { stdout } = await promisify(execFile)(process.execPath, ["-p", "6 * 7"], group);
    assert.equal(stdout.trim(), "42");
  });
});
