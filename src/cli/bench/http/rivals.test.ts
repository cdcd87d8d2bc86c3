import assert from "node:assert/strict";
import { test } from "node:test";
import { importRival } from "./rivals.ts";

test("importRival() tells how to install a package that is not there", async () => {
  assert.deepEqual(await importRival("no-such-package"), { missing: "not installed: npm install no-such-package" });
});

test("importRival() gives a package that is there, with its version", async () => {
  const found = await importRival<{ default: unknown }>("picocolors");
  assert.ok("module" in found);
  assert.equal(typeof found.module.default, "object");
  assert.match(found.version, /^\d+\.\d+\.\d+/);
});

test("importRival() finds no package where it does not look", async () => {
  assert.ok("missing" in (await importRival("picocolors", ["/"])));
});
