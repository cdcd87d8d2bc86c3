/** Every subpath of the package can be imported wherever it says that it can. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { subpaths } from "./subpaths.ts";

describe("import of every subpath", () => {
  test("there are many", () => assert.ok(subpaths.size >= 8));

  for (const [name, load] of subpaths) test(`${name} can be imported, and gives something`, async () => assert.ok(Object.keys(await load()).length > 0));
});
