import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** What debug mode says of each: the kind or the beginning, the task, and the line of the example. */
const bugs: Record<string, RegExp[]> = {
  "forgotten-await": [/forgotten-await: "sleep" was still pending when "save" had ended/, /task +shop > save$/m, /stood +sleep, .*forgotten-await\.ts:5$/m],
  "blocked-loop": [/^blocked-loop: The event loop is blocked for \d+ ms/m, /task +service > report$/m, /stood +fibonacci, .*blocked-loop\.ts:5$/m],
  "lost-error": [/lost-error: .*"query".* Error: the database is full/, /started +.*lost-error\.ts:7$/m],
  "swallowed-cancellation": [/swallowed-cancellation: "poll" was cancelled .*shutting down.* 3 times/, /stood +sleep\(\), .*swallowed-cancellation\.ts:7$/m],
  "exhausted-pool": [/"transfer" waits for a resource of the pool "database"/, /exhausted-pool\.ts:7/],
};

describe("the five bugs", () => {
  for (const [name, expected] of Object.entries(bugs)) {
    const program = fileURLToPath(new URL(`../../examples/five-bugs/${name}.ts`, import.meta.url));
    const run = (debug: string): Promise<{ stderr: string }> =>
      promisify(execFile)(process.execPath, ["--conditions=espalier:source", program], { env: { ...process.env, ESPALIER_DEBUG: debug } });

    test(`${name}: debug mode names the task, the line and what to do`, async () => {
      const { stderr } = await run("1");
      for (const part of expected) assert.match(stderr, part);
      assert.equal(stderr.match(/EspalierWarning|^blocked-loop/gm)?.length, 1, stderr);
    });
  }

  test("without debug mode nothing is said of what only that looks for", async () => {
    const program = fileURLToPath(new URL("../../examples/five-bugs/swallowed-cancellation.ts", import.meta.url));
    const { stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", program], { env: { ...process.env, ESPALIER_DEBUG: "" } });
    assert.equal(stderr, "");
  });
});
