/** The examples of flows and channels run, print what they print, and end by themselves. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";

const folder = join(import.meta.dirname, "..", "..", "examples");
const start = promisify(execFile);

const printed: Readonly<Record<string, readonly string[]>> = {
  "crawler.ts": [
    "/              2 links",
    "/blog          3 links",
    "/blog/one      1 links",
    "/blog/two      1 links",
    "/docs          3 links",
    "/docs/api      1 links",
    "/docs/install  0 links",
    "/lost          404 for /lost",
  ],
  "pipeline.ts": ["20 orders came in", "wrote 8 orders", "wrote 8 orders", "wrote 4 orders", "in total 1250"],
  "pool.ts": ["60 requests over 3 connections", "nothing in time: held by map, map, map", "in total 3300, 3 connections closed"],
  "services/main.ts": ["200 12 items, the last is item 12; 12 in stock", "1 slow replica was given up", "the service is closed"],
};

describe("the example", () => {
  for (const [file, lines] of Object.entries(printed)) {
    test(`${file} prints what it says`, async () => {
      const { stdout, stderr } = await start(process.execPath, ["--conditions=espalier:source", join(folder, file)]);
      assert.equal(stderr, "");
      // Which of two stages is first is a matter of time; what each says is not.
      assert.deepEqual(stdout.trimEnd().split("\n").toSorted(), lines.toSorted());
    });
  }
});
