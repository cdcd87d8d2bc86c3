/** The examples of threads run, do what they say, and end by themselves. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";

const folder = join(import.meta.dirname, "..", "..", "examples");
const start = promisify(execFile);

async function linesOf(example: string, ...args: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await start(process.execPath, ["--conditions=espalier:source", join(folder, example, "main.ts"), ...args]);
  assert.equal(stderr, "");
  return stdout.trimEnd().split("\n");
}

describe("the example", () => {
  test("hash-folder hashes what it has made, and goes on after a file that cannot be read", async () => {
    const lines = await linesOf("hash-folder");
    assert.equal(lines.pop(), "4 files, 1 failed");
    // In the order of the file system.
    assert.deepEqual(lines.toSorted(), [
      "ENOENT  broken",
      "c036cbb7553a909f8b8877d4461924307f27ecb66cff928eeeafd569c3887e29  zeros",
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0  million",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty",
    ]);
  });

  test("hash-folder hashes a folder that it is given, with those in it", async (t) => {
    const given = await mkdtemp(join(tmpdir(), "espalier-given-"));
    t.after(() => rm(given, { recursive: true }));
    await cp(join(folder, "hash-folder"), join(given, "below"), { recursive: true });
    await writeFile(join(given, "one"), "1");
    const lines = await linesOf("hash-folder", given);
    assert.equal(lines.pop(), "3 files, 0 failed");
    assert.ok(lines.includes(`${createHash("sha256").update("1").digest("hex")}  one`));
    assert.ok(lines.some((line) => line.endsWith("  below/works.ts")));
  });

  test("resize-images makes a thumbnail of each image", async () => {
    const lines = await linesOf("resize-images");
    assert.equal(lines.pop(), "6 thumbnails");
    assert.deepEqual(lines.toSorted(), [
      "picture-1.png  80 × 50",
      "picture-2.png  80 × 60",
      "picture-3.png  80 × 70",
      "picture-4.png  80 × 80",
      "picture-5.png  80 × 90",
      "picture-6.png  80 × 100",
    ]);
  });

  test("busy-endpoint prints a line for each way to run the endpoint", async () => {
    const [head, ...lines] = await linesOf("busy-endpoint", "10");
    assert.match(head ?? "", /p50 +p99$/);
    assert.deepEqual(
      lines.map((line) => line.replaceAll(/\d+\.\d/g, "#").replaceAll(/ +/g, " ")),
      ["inline # ms # ms", "in threads # ms # ms"],
    );
  });
});
