import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TaskGroupError } from "./group.ts";
import { isSuppressedError, leaves, splitErrors, suppressedError } from "./tree.ts";

const a = new TypeError("a");
const b = new RangeError("b");
const c = new TypeError("c");
const isType = (error: unknown): boolean => error instanceof TypeError;
const errorsOf = (error: unknown): unknown[] => {
  assert.ok(error instanceof TaskGroupError);
  return error.errors;
};

describe("leaves()", () => {
  test("leaves() gives an error that is no tree as the only leaf, also undefined", () => {
    for (const value of [a, undefined, "text"]) assert.deepEqual(leaves(value), [value]);
  });

  test("leaves() flattens groups in order, however they are nested", () => {
    assert.deepEqual(leaves(new TaskGroupError([new TaskGroupError([a]), b, new TaskGroupError([new TaskGroupError([c, undefined])])])), [a, b, c, undefined]);
    assert.deepEqual(leaves(new TaskGroupError([])), []);
  });

  test("leaves() does not enter AggregateErrors of the user", () => {
    const own = new AggregateError([a, b]);
    assert.deepEqual(leaves(new TaskGroupError([own])), [own]);
  });

  test("leaves() looks through SuppressedErrors, the one that came first in front", () => {
    assert.deepEqual(leaves(new SuppressedError(new TaskGroupError([b, c]), a)), [a, b, c]);
    assert.deepEqual(leaves(new SuppressedError(new SuppressedError(c, b), a)), [a, b, c]);
  });

  test("leaves() reaches the bottom of 100,000 levels", () => {
    let deep: unknown = a;
    for (let level = 0; level < 100_000; level++) deep = new TaskGroupError([deep], "level");
    assert.deepEqual(leaves(deep), [a]);
  });

  test("leaves() comes to an end in a tree that contains itself", () => {
    const circular = new TaskGroupError([a]);
    circular.errors.push(circular, b);
    assert.deepEqual(leaves(circular), [a, b]);
  });
});

describe("splitErrors()", () => {
  test("splitErrors() gives a single error whole to one side", () => {
    assert.deepEqual(splitErrors(a, isType), [a, undefined]);
    assert.deepEqual(splitErrors(b, isType), [undefined, b]);
  });

  test("splitErrors() gives the very tree where it falls wholly on one side", () => {
    const types = new TaskGroupError([a, new TaskGroupError([c])]);
    assert.equal(splitErrors(types, isType)[0], types);
    assert.equal(splitErrors(types, isType)[1], undefined);
    assert.equal(splitErrors(types, () => false)[1], types);
  });

  test("splitErrors() keeps the structure on both sides, and inner groups that fall on one side as they are", () => {
    const whole = new TaskGroupError([c], "whole");
    const mixed = new TaskGroupError([a, b], "mixed");
    const [matched, rest] = splitErrors(new TaskGroupError([whole, mixed, b]), isType);
    const [first, second] = errorsOf(matched);
    assert.equal(first, whole);
    assert.deepEqual(errorsOf(second), [a]);
    const [third, fourth] = errorsOf(rest);
    assert.deepEqual(errorsOf(third), [b]);
    assert.equal(fourth, b);
  });

  test("splitErrors() shows the predicate each leaf once, in order", () => {
    const seen: unknown[] = [];
    splitErrors(new TaskGroupError([a, new TaskGroupError([b, undefined]), new AggregateError([c])]), (leaf) => seen.push(leaf) > 0);
    assert.deepEqual(seen.slice(0, 3), [a, b, undefined]);
    assert.equal(seen.length, 4);
  });

  test("splitErrors() keeps a failure that is the value undefined on its side", () => {
    const [matched, rest] = splitErrors(new TaskGroupError([undefined, a]), isType);
    assert.deepEqual(errorsOf(matched), [a]);
    assert.deepEqual(errorsOf(rest), [undefined]);
  });

  test("splitErrors() looks through SuppressedErrors and loses none of their sides", () => {
    const [matched, rest] = splitErrors(new TaskGroupError([new SuppressedError(b, a)]), isType);
    assert.deepEqual(leaves(matched), [a]);
    assert.deepEqual(leaves(rest), [b]);
  });

  test("splitErrors() keeps a value undefined that a SuppressedError holds", () => {
    const [matched, rest] = splitErrors(new TaskGroupError([new SuppressedError(a, undefined)]), isType);
    assert.deepEqual(leaves(matched), [a]);
    assert.ok(rest instanceof TaskGroupError);
    assert.deepEqual(leaves(rest), [undefined]);
  });

  test("splitErrors() divides what lies below 5,000 levels (G20)", () => {
    let deep = new TaskGroupError([a, b]);
    for (let level = 0; level < 5_000; level++) deep = new TaskGroupError([deep], "level");
    const [matched, rest] = splitErrors(deep, isType);
    assert.deepEqual([leaves(matched), leaves(rest)], [[a], [b]]);
  });

  test("splitErrors() comes to an end in a tree that contains itself", () => {
    const circular = new TaskGroupError([a, b]);
    circular.errors.push(circular);
    const [matched, rest] = splitErrors(circular, isType);
    assert.ok(leaves(matched).includes(a));
    assert.ok(leaves(rest).includes(b));
  });

  test("splitErrors() keeps the cause of the groups that it divides", () => {
    const cause = new Error("cause");
    const [matched, rest] = splitErrors(new TaskGroupError([a, b], "message", { cause }), isType);
    assert.equal((matched as Error).cause, cause);
    assert.equal((rest as Error).cause, cause);
    assert.equal("cause" in (splitErrors(new TaskGroupError([a, b]), isType)[0] as Error), false);
  });

  test("splitErrors() changes nothing of the tree that it was given", () => {
    const inner = new TaskGroupError([b, c]);
    const outer = new TaskGroupError([a, inner]);
    splitErrors(outer, isType);
    assert.deepEqual([outer.errors, inner.errors], [[a, inner], [b, c]]);
  });
});

describe("isSuppressedError()", () => {
  test("isSuppressedError() knows the language's class and what a compiler's helper makes by its name", () => {
    const polyfilled = Object.assign(new Error("both failed"), { name: "SuppressedError", error: a, suppressed: b });
    assert.equal(isSuppressedError(new SuppressedError(a, b)), true);
    assert.equal(isSuppressedError(polyfilled), true);
    for (const other of [a, undefined, new AggregateError([a]), Object.assign(new Error("half"), { name: "SuppressedError", error: a })]) {
      assert.equal(isSuppressedError(other), false);
    }
  });
});

describe("suppressedError()", () => {
  test("suppressedError() has the two, and message and cause of the one it is like", () => {
    const cause = new Error("cause");
    const like = Object.assign(new Error("both failed"), { cause });
    const made = suppressedError(a, b, like);
    assert.ok(isSuppressedError(made));
    assert.ok(made instanceof SuppressedError);
    assert.deepEqual([made.error, made.suppressed, made.message, made.cause], [a, b, "both failed", cause]);
    assert.equal("cause" in suppressedError(a, b, new Error("both failed")), false);
  });
});
