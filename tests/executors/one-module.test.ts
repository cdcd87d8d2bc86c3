/** A program that declares works beside what it does: it is not waited for by itself, and where it would start itself again in each worker it is stopped. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { commandOf } from "../conformance/programs/this-runtime.ts";

const start = promisify(execFile);
async function program(kind: string, guard: "none" | "main"): Promise<string[]> {
  const env = { ...process.env, TEST_KIND: kind, TEST_GUARD: guard };
  const { stdout } = await start(...commandOf(join(import.meta.dirname, "one-module.ts")), { env });
  return stdout.trimEnd().split("\n");
}
const own = ["REFUSED by the work", "REFUSED by the caller"];

describe("a program with works of its own", () => {
  for (const kind of ["inline", "threads", "processes"]) {
    test(`gets errors of its own from ${kind}, though its module is not to be had before its end`, async () => {
      assert.deepEqual(await program(kind, "main"), own);
    });
  }

  for (const kind of ["threads", "processes"]) {
    test(`is refused by ${kind} what it would do in each worker that imports it`, async () => {
      const lines = await program(kind, "none");
      assert.deepEqual(lines.filter((line) => own.includes(line)), own);
      const refused = lines.filter((line) => !own.includes(line));
      assert.equal(refused.length, 2);
      for (const line of refused) assert.match(line, /^CALLED_AT_IMPORT "\w+" was called on .* if \(import\.meta\.main\)/);
    });
  }
});
