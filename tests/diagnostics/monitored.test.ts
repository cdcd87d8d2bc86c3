/** Node.js, Bun and Deno have diagnostics_channel, each its own: what ours rely on of it is there in all of them. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";

const program = join(import.meta.dirname, "programs", "monitored.ts");
const installed = (name: string): string => join(import.meta.dirname, "..", "..", "node_modules", ".bin", name);
const runtimes: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "Node.js": [process.execPath],
  Bun: [installed("bun")],
  Deno: [installed("deno"), "run", "--allow-all"],
};

describe("a program that is monitored by its channels", () => {
  for (const [name, [command, ...args]] of Object.entries(runtimes)) {
    test(`${name}: by who subscribed before the library was there, no longer, and by a store that was bound later`, async () => {
      const { stdout } = await promisify(execFile)(command, [...args, "--conditions=espalier:source", program], { env: { ...process.env, NO_COLOR: "1" } });
      assert.deepEqual(stdout.trimEnd().split("\n"), [
        "one sees undefined",
        "end one succeeded",
        "two sees undefined",
        "end two succeeded",
        "one sees the store of one",
        "two sees the store of two",
      ]);
    });
  }
});
