import assert from "node:assert/strict";
import { test } from "node:test";
import { addressed, completed, missingEntries, platformOf } from "./lockfile.mjs";

const native = { version: "1.2.0", dev: true, optionalDependencies: { "@a/binding-darwin-arm64": "1.2.0", "@a/binding-linux-x64-musl": "=1.2.0" } };

test("platformOf() reads the platform from a package's name", () => {
  assert.deepEqual(platformOf("@a/binding-linux-x64-musl"), { libc: ["musl"], cpu: ["x64"], os: ["linux"] });
  assert.deepEqual(platformOf("@a/binding-linux-arm-gnueabihf"), { libc: ["glibc"], cpu: ["arm"], os: ["linux"] });
  assert.deepEqual(platformOf("@a/win32-arm64"), { cpu: ["arm64"], os: ["win32"] });
  assert.deepEqual(platformOf("@a/binding-wasm32-wasi"), { cpu: ["wasm32"] });
  assert.equal(platformOf("fsevents"), undefined);
});

test("missingEntries() names the platforms' packages that have no entry", () => {
  const lock = { packages: { "node_modules/a": native, "node_modules/@a/binding-darwin-arm64": { version: "1.2.0" } } };
  assert.deepEqual(Object.fromEntries(missingEntries(lock)), {
    "node_modules/@a/binding-linux-x64-musl": { version: "1.2.0", dev: true, optional: true, libc: ["musl"], cpu: ["x64"], os: ["linux"] },
  });
});

test("missingEntries() finds an entry that is nested under the package itself", () => {
  const lock = {
    packages: {
      "node_modules/b/node_modules/a": native,
      "node_modules/b/node_modules/@a/binding-darwin-arm64": { version: "1.2.0" },
      "node_modules/@a/binding-linux-x64-musl": { version: "1.2.0" },
    },
  };
  assert.equal(missingEntries(lock).size, 0);
});

test("completed() adds what is missing in npm's order and takes addresses out, but not the paths of workspaces", () => {
  const lock = {
    packages: {
      "node_modules/a": { ...native, resolved: "somewhere" },
      "node_modules/benches": { resolved: "benches", link: true },
    },
  };
  assert.deepEqual(addressed(lock), ["node_modules/a"]);
  const after = completed(lock);
  assert.deepEqual(Object.keys(after.packages), [
    "node_modules/@a/binding-darwin-arm64",
    "node_modules/@a/binding-linux-x64-musl",
    "node_modules/a",
    "node_modules/benches",
  ]);
  assert.deepEqual(addressed(after), []);
  assert.equal(after.packages["node_modules/benches"].resolved, "benches");
  assert.equal(missingEntries(after).size, 0);
});
