import assert from "node:assert/strict";
import { test } from "node:test";
import { isCancelled } from "./cancelled.ts";
import { MisuseError } from "./misuse.ts";

test("MisuseError carries the code and the message that it was made of", () => {
  const error = new MisuseError("SCOPE_ENDED", "the scope has ended");
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.code, error.message], ["MisuseError", "SCOPE_ENDED", "the scope has ended"]);
});

test("MisuseError is no cancellation", () => {
  assert.equal(isCancelled(new MisuseError("SCOPE_ENDED", "the scope has ended")), false);
});
