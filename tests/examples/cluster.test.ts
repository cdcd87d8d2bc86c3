/** The example of a cluster runs with one command, on a private server, and leaves nothing behind. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { missing } from "../cluster/real/nats.ts";

const program = join(import.meta.dirname, "..", "..", "examples", "cluster", "main.ts");

test("cluster/main.ts counts on a server and a worker of its own", { skip: missing }, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", program]);
  assert.deepEqual([stdout, stderr], ["17984 primes below 200000, in 20 parts\n", ""]);
});
