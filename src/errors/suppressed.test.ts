import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TaskGroupError } from "./group.ts";
import { firstOf, suppressed } from "./suppressed.ts";

describe("suppressed()", () => {
  test("suppressed() is empty for what carries nothing, primitives included", () => {
    for (const value of [new Error("alone"), undefined, null, "text", 0, Symbol("s")]) assert.deepEqual(suppressed(value), []);
  });
});

describe("firstOf()", () => {
  test("firstOf() gives the only failure as it is, whatever it is", () => {
    for (const failure of [new Error("alone"), undefined, null, "text"]) {
      assert.equal(firstOf([failure]), failure);
      assert.deepEqual(suppressed(failure), []);
    }
  });

  test("firstOf() gives the first failure, which carries the others in order", () => {
    const [first, second, third] = [new Error("1"), "2", new Error("3")];
    assert.equal(firstOf([first, second, third]), first);
    assert.deepEqual(suppressed(first), [second, third]);
  });

  test("firstOf() adds to what the first failure carries already", () => {
    const [first, second, third] = [new Error("1"), new Error("2"), new Error("3")];
    firstOf([first, second]);
    firstOf([first, third]);
    firstOf([first, second]);
    assert.deepEqual(suppressed(first), [second, third]);
  });

  test("firstOf() counts the same object once, and does not let it suppress itself", () => {
    const [first, second] = [new Error("1"), new Error("2")];
    assert.equal(firstOf([first, second, first, second]), first);
    assert.deepEqual(suppressed(first), [second]);
  });

  for (const first of ["text", undefined, Object.freeze(new Error("frozen")), Object.preventExtensions({ message: "closed" })]) {
    test(`firstOf() gives a TaskGroupError of all where the first can carry nothing: ${String(first)}`, () => {
      const second = new Error("2");
      const error = firstOf([first, second]);
      assert.ok(error instanceof TaskGroupError);
      assert.deepEqual(error.errors, [first, second]);
    });
  }

  test("firstOf() changes nothing that can be seen on the first failure", () => {
    const first = new Error("1");
    firstOf([first, new Error("2")]);
    assert.deepEqual(Object.keys(first), []);
    assert.equal("cause" in first, false);
  });
});
