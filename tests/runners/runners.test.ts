/** Tests that hang, in real runs of node:test and vitest: what a user sees of them. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** What a run prints, without colours. */
function outputOf(args: readonly string[]): Promise<string> {
  // A runner in a runner would report to the outer one.
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: fixtures, env: { ...env, NO_COLOR: "1" } }, (_error, stdout, stderr) =>
      resolve(`${stdout}${stderr}`.replaceAll(/\u001b\[[0-9;]*m/g, "")),
    );
  });
}

const runs: Record<string, readonly string[]> = {
  "node:test": ["--conditions=espalier:source", "--test", "hung.node.ts"],
  vitest: [vitest, "run", "hung.vitest.ts"],
};

for (const [runner, args] of Object.entries(runs)) {
  describe(`inScope() in a run of ${runner}`, () => {
    const run = outputOf(args);

    test("inScope() passes what passes, in virtual time and with the runner's context", async () => {
      assert.match(await run, /[✔✓].* passes/);
    });

    test("inScope() is cancelled by the runner's own limit, and the tree is shown", async () => {
      assert.match(await run, new RegExp(`What ran then:\\s+failAfter "hangs until ${runner} gives up"\\s+taskGroup: waits for its tasks\\s+3 × consumer: sleep`));
    });

    test("inScope() fails with a TimeoutError that shows the tree when its own time is up", async () => {
      assert.match(await run, /TimeoutError\]?: "hangs until its own time is up" did not finish within 100 ms\. What ran then:\s+failAfter .*\s+taskGroup: waits for its tasks\s+producer: sleep/);
    });

    test("inScope() on a test clock tells a deadlock at once, not when the time is up", async () => {
      const output = await run;
      assert.match(output, /DeadlockError\]?: Deadlock at 0 ms/);
      assert.match(output, /philosopher: sleep/);
      assert.doesNotMatch(output, /within 4000 ms/);
    });
  });
}

test("a test clock needs nothing of vitest, and nothing global", async () => {
  assert.match(await outputOf([vitest, "run", "hung.vitest.ts", "-t", "no help"]), /✓ .*a test clock needs no help/);
});

const dumpRuns: Record<string, readonly string[]> = {
  "node:test": ["--conditions=espalier:source", "--import=./dump-on-timeout.ts", "--test", "plain.node.ts"],
  vitest: [vitest, "run", "plain.vitest.ts"],
};

for (const [runner, args] of Object.entries(dumpRuns)) {
  describe(`dumpOnTimeout() in a run of ${runner}`, () => {
    const run = outputOf(args);

    test("dumpOnTimeout() shows the tree of a test that hangs, with what runs beside it", async () => {
      assert.match(await run, /What ran then:\s+(signal "background"\s+)?taskGroup "background": waits for its tasks\s+beside: sleep\s+taskGroup "queue": waits for its tasks\s+3 × consumer: sleep/);
    });

    test("dumpOnTimeout() shows nothing of tests that pass, or fail by themselves, and nothing twice", async () => {
      const output = await run;
      assert.match(output, /by itself/);
      // Once for each time that the runner says it.
      const times = (text: RegExp): number => output.match(text)?.length ?? 0;
      assert.ok(times(/What ran then:/g) > 0);
      assert.equal(times(/What ran then:/g), times(/timed out (in|after) 300 ?ms/g));
    });
  });
}
