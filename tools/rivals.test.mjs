import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, isNewer } from "./rivals.mjs";

test("isNewer() compares numbers, not letters", () => {
  assert.equal(isNewer("10.0.0", "9.9.9"), true);
  assert.equal(isNewer("1.2.10", "1.2.9"), true);
  assert.equal(isNewer("1.2.3", "1.2.3"), false);
  assert.equal(isNewer("1.2.3", "2.0.0"), false);
});

test("isNewer() takes nothing that is not released yet", () => {
  assert.equal(isNewer("2.0.0-rc.1", "1.0.0"), false);
});

test("changesOf() sets what is behind, and leaves a pin that is ahead of what is called newest", () => {
  const pins = { "p-map": "7.1.1", "undici": "8.12.4", "zod": "4.6.7", "rxjs": "7.8.2" };
  const outdated = { "p-map": { latest: "7.2.0" }, "undici": { latest: "7.30.2" }, "rxjs": {}, "of-the-root": { latest: "9.0.0" } };
  assert.deepEqual(changesOf(pins, outdated), [{ name: "p-map", from: "7.1.1", to: "7.2.0" }]);
});
