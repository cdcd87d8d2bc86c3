import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError, type CancelSource, isCancelled } from "./cancelled.ts";
import { TaskGroupError } from "./group.ts";
import { TimeoutError } from "./timeout.ts";

const sources: CancelSource[] = ["explicit", "deadline", "sibling", "signal", "shutdown", "ended"];

describe("CancelledError", () => {
  test("CancelledError is an abort error by name and code, for whatever recognises the platform's", () => {
    const error = new CancelledError("explicit", "scope");
    assert.ok(error instanceof Error);
    assert.equal(error.name, "AbortError");
    assert.equal(error.code, "ABORT_ERR");
  });

  for (const source of sources) {
    test(`CancelledError of source "${source}" says by whom and why in its message`, () => {
      const error = new CancelledError(source, "the scope", "the reason");
      assert.deepEqual([error.source, error.by, error.reason], [source, "the scope", "the reason"]);
      assert.match(error.message, /"the scope"/);
      assert.match(error.message, /the reason/);
    });
  }

  test("CancelledError has a different sentence for each source", () => {
    assert.equal(new Set(sources.map((source) => new CancelledError(source, "scope").message)).size, sources.length);
  });

  for (const reason of ["text", 0, null, false, new Error("cause"), { code: 7 }]) {
    test(`CancelledError has its reason as its cause: ${String(reason)}`, () => {
      const error = new CancelledError("explicit", "scope", reason);
      assert.equal(error.reason, reason);
      assert.equal(error.cause, reason);
    });
  }

  test("CancelledError without a reason has no cause, and says nothing of one", () => {
    const error = new CancelledError("deadline", "scope");
    assert.equal(error.reason, undefined);
    assert.equal("cause" in error, false);
    assert.equal(error.message.includes("undefined"), false);
  });

  test("CancelledError keeps source, by and reason in JSON, an error as the reason by name and message", () => {
    const plain = JSON.parse(JSON.stringify(new CancelledError("explicit", "scope", { code: 7 }))) as Record<string, unknown>;
    assert.deepEqual([plain["name"], plain["code"], plain["source"], plain["by"], plain["reason"]], ["AbortError", "ABORT_ERR", "explicit", "scope", { code: 7 }]);
    const nested = JSON.parse(JSON.stringify(new CancelledError("sibling", "task", new TypeError("wrong")))) as Record<string, unknown>;
    assert.deepEqual(nested["reason"], { name: "TypeError", message: "wrong" });
  });

  test("CancelledError can be made of a reason that cannot be printed", () => {
    assert.equal(typeof new CancelledError("explicit", "scope", Object.create(null)).message, "string");
  });
});

describe("isCancelled()", () => {
  const cancelled = new CancelledError("explicit", "scope");

  test("isCancelled() is true for a CancelledError and for abort errors of the platform", async () => {
    const fromEvents = await import("node:events").then(({ once, EventEmitter }) =>
      once(new EventEmitter(), "never", { signal: AbortSignal.abort() }).then(() => undefined, (error: unknown) => error),
    );
    for (const error of [cancelled, new DOMException("aborted", "AbortError"), AbortSignal.abort().reason as unknown, fromEvents]) {
      assert.equal(isCancelled(error), true);
    }
  });

  test("isCancelled() is false for everything else", () => {
    const others = [
      undefined,
      null,
      "AbortError",
      new Error("AbortError"),
      new DOMException("timed out", "TimeoutError"),
      new TimeoutError("scope", 10, cancelled),
      new TaskGroupError([cancelled]),
      new Error("failed", { cause: cancelled }),
      { name: "AbortError" },
    ];
    for (const error of others) assert.equal(isCancelled(error), false);
  });
});
