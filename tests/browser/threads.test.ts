import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundle, isInstalled, withPage } from "./chromium.ts";

const expected: Record<string, unknown> = {
  "results": Array.from({ length: 200 }, (_, n) => 2 * n),
  "an error": [true, "TOO_MANY", "7 are too many"],
  "handed over": [6, 0],
  "a callback": "hello number 7",
  "a busy loop": ["cut short", 2],
  "a worker that closes itself": ["WORKER_DIED", 4],
  "an uncaught error": ["WORKER_DIED", 6],
  "blocking": "WOULD_BLOCK",
};

const skip = isInstalled ? false : "chromium is not installed";

describe("threads in a browser", { skip }, () => {
  const files = isInstalled ? bundle({ page: "tests/browser/page.ts", works: "tests/browser/works.ts", "web-entry": "src/executor/threads/web-entry.ts" }) : undefined;

  for (const isolated of [true, false]) {
    test(`web workers run works ${isolated ? "with" : "without"} shared memory`, async () => {
      const built = (await files)!;
      for (const [name, code] of built) assert.doesNotMatch(code, /from\s*["']node:|import\(["']node:/, name);
      await withPage(built, "page", isolated, async (page) => {
        await page.waitForFunction("globalThis.study !== undefined");
        assert.equal(await page.evaluate("crossOriginIsolated"), isolated);
        const names = await page.evaluate<string[]>("names");
        assert.deepEqual(names.toSorted(), Object.keys(expected).toSorted());
        for (const name of names) assert.deepEqual(await page.evaluate(`study(${JSON.stringify(name)})`), expected[name], name);
      });
    });
  }
});
