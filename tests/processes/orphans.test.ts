/** No process outlives the program, and none keeps it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { untilGone } from "./trial.ts";

/** Runs the program that has three processes. `ended` waits until nobody can write to its output any more: they have it too. */
function start(how: string): { readonly pids: Promise<number[]>; readonly ended: Promise<unknown[]>; kill(): void } {
  const program = fileURLToPath(new URL("./orphans.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=espalier:source", program, how], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  const pids = new Promise<number[]>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`it ended after ${JSON.stringify(text)}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      text += String(chunk);
      const found = [...text.matchAll(/pid (\d+)\n/g)].map(([, pid]) => Number(pid));
      if (found.length === 3) resolve(found);
    });
  });
  return { pids, ended: once(child, "close"), kill: () => void child.kill("SIGKILL") };
}

describe("when the program ends", () => {
  for (const how of ["busy", "waiting", "idle"]) {
    test(`by SIGKILL, its processes end: ${how} ones`, async () => {
      const { pids, ended, kill } = start(how);
      const all = await pids;
      kill();
      assert.deepEqual(await ended, [null, "SIGKILL"]);
      await Promise.all(all.map(untilGone));
    });
  }

  test("by process.exit, its busy processes end", async () => {
    const { pids, ended } = start("exit");
    assert.deepEqual(await ended, [5, null]);
    await Promise.all((await pids).map(untilGone));
  });

  test("by having nothing left to do: its processes do not keep it", async () => {
    const { pids, ended } = start("nothing");
    assert.deepEqual(await ended, [0, null]);
    await Promise.all((await pids).map(untilGone));
  });
});
