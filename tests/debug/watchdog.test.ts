import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("blocking-program.ts", import.meta.url));
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

  test("is told to who listens, afterwards", async () => {
    const { stdout, stderr } = await run("crunch", "listening");
    assert.doesNotMatch(stderr, /blocked-loop/);
    const report = JSON.parse(stdout) as { kind: string; name: string };
    assert.deepEqual([report.kind, report.name], ["blocked-loop", "greedy"]);
  });
});
