import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bundleForBrowser } from "../size.mjs";
import { root } from "../bootstrap/project.mjs";
import { differs, document } from "./document.mjs";
import { outcomeOf } from "./outcome.mjs";
import { isLeftOut, skipsFindings, skipsOf } from "./skips.mjs";
import { chosen, notForBrowsers, subpaths } from "./targets.mjs";

const line = (/** @type {object} */ what) => JSON.stringify(what);
const passed = line({ file: "a", path: ["suite", "one"], outcome: "passed", ms: 1 });
const skipped = line({ file: "a", path: ["suite", "two"], outcome: "skipped", ms: 0 });
const ended = line({ ended: true });
const skip = { file: "tests/conformance/errors.test.ts", test: "two", runtimes: ["bun"], reason: "because it cannot run" };

describe("runtimes", () => {
  it("a name stands for those that begin with it; an unknown one is refused", () => {
    assert.deepEqual(chosen(["chromium", "bun"]).map(({ name }) => name), ["bun", "chromium-page", "chromium-worker"]);
    assert.throws(() => chosen(["chrom"]), /There is no runtime "chrom"/);
  });

  it("skips hold for their runtimes, and for the files of a pattern", () => {
    assert.deepEqual([skipsOf([skip], "bun"), skipsOf([skip], "deno")], [[skip], []]);
    const all = [{ file: "tests/executors/**", runtimes: ["bun"], reason: "because" }];
    assert.deepEqual([isLeftOut(all, "tests/executors/a.test.ts"), isLeftOut(all, "tests/b.test.ts"), isLeftOut([skip], skip.file)], [true, false, false]);
  });

  it("a skip needs a file, a reason and a runtime that there is", () => {
    assert.deepEqual(skipsFindings([skip]), []);
    assert.equal(skipsFindings([{ ...skip, file: "tests/gone.test.ts" }, { ...skip, reason: "" }, { ...skip, runtimes: [] }, { ...skip, runtimes: ["moon"] }]).length, 4);
  });

  it("a run passes when each program has ended, nothing failed, and what is left out is there", () => {
    const of = (/** @type {string[]} */ ...outputs) => outcomeOf(outputs, [{ ...skip, file: "a" }], ["a"]).failures;
    assert.deepEqual(of([passed, "printed by a test", skipped, ended].join("\n")), []);
    assert.match(of([passed, skipped, ended].join("\n"), line({ begins: "b" }))[0] ?? "", /ended in the middle of b/);
    assert.match(of([passed, ended].join("\n"))[0] ?? "", /is not there: take it off/);
    assert.match(of([line({ file: "a", path: ["x"], outcome: "failed", ms: 1, error: "E" }), skipped, ended].join("\n"))[0] ?? "", /^x \(a\)\n {4}E/);
  });

  it("the document keeps the rows of what did not run, and differs by its skips, not by counts", () => {
    const target = chosen(["bun"])[0];
    assert.ok(target);
    const run = { target, version: "1.2.3", passed: 1234, skipped: 0, failures: [], slowest: [], seconds: 1 };
    const written = document([skip], [run], "");
    assert.match(written, /\| Bun \| 1\.2\.3 \| 1,234 \| 1 \|/);
    assert.equal(document([skip], [], written), written);
    assert.equal(differs(written, document([skip], [{ ...run, passed: 5 }], written)), false);
    assert.equal(differs(written, document([], [run], written)), true);
  });
});

/** What stands for a module of Node.js in bundles, or says that it is missing. */
const standIns = /__vite-browser-external|node-polyfill|__require\(|require_?(?:buffer|process|util|stream|events)\b/;

describe("a bundle for browsers, as a user's bundler makes it", () => {
  for (const path of subpaths().filter((name) => !notForBrowsers.has(name))) {
    it(`of ${path} has no module of Node.js, and none that stands for one`, async () => {
      const { code, outside, modules } = await bundleForBrowser(`import * as all from "${path}";\nglobalThis.used = all;\n`, root);
      const own = [...modules].filter(([name]) => name.startsWith("dist/"));
      assert.ok(own.length > 0);
      for (const [name, text] of own) assert.doesNotMatch(text, /["']node:/, name);
      assert.doesNotMatch(code, standIns);
      // The libraries of others that a subpath is for may ask for theirs, where they are on Node.js.
      const isAlone = ![...modules.keys()].some((name) => name.includes("node_modules/"));
      if (isAlone) assert.deepEqual(outside, []);
    });
  }
});
