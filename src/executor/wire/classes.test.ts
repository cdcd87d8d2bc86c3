import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { basePrototype, findIn } from "./classes.ts";

const source = fileURLToPath(new URL("../../", import.meta.url));

describe("basePrototype()", () => {
  test("every error of the library has its place on the wire", () => {
    const brands = globSync("**/*.ts", { cwd: source })
      .filter((file) => !file.endsWith(".test.ts"))
      .flatMap((file) => [...readFileSync(`${source}/${file}`, "utf8").matchAll(/^stamp\((\w+), ".*", "(\w+)"\);$/gm)])
      .map(([, name, brand]) => ({ name, brand }));
    assert.ok(brands.length >= 9);
    for (const { name, brand } of brands) assert.equal(basePrototype(`espalier:${brand}`).constructor.name, name, `${name} is missing in classes.ts`);
  });

  test("a name that this side does not know stands for Error", () => {
    for (const name of ["espalier:future", "__proto__", "constructor", "Map", ""]) assert.equal(basePrototype(name), Error.prototype);
  });
});

describe("findIn()", () => {
  test("a class is found under the name of its export, in modules that came later, too", () => {
    class Own extends Error {}
    const modules = new Map<string, object>();
    const find = findIn(modules);
    assert.equal(find(Own), undefined);
    modules.set("file:///a.js", { default: Own });
    assert.deepEqual(find(Own), { url: "file:///a.js", name: "default" });
  });
});
