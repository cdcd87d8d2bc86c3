import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, isCancelled } from "./cancelled.ts";
import { TimeoutError } from "./timeout.ts";

const cause = new CancelledError("deadline", "lookup");

test("TimeoutError carries the time that was allowed, and the deadline's CancelledError as its cause", () => {
  const error = new TimeoutError("lookup", 250, cause);
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.ms], ["TimeoutError", 250]);
  assert.equal(error.cause, cause);
});

test("TimeoutError names the scope and the time in its message", () => {
  const { message } = new TimeoutError("lookup", 250, cause);
  assert.match(message, /"lookup"/);
  assert.match(message, /250 ms/);
});

test("TimeoutError is no cancellation", () => {
  const error = new TimeoutError("lookup", 250, cause);
  assert.equal(isCancelled(error), false);
  assert.equal(error instanceof CancelledError, false);
});
