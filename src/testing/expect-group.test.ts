import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { taskGroup, TaskGroupError, TimeoutError } from "espalier";
import { AssertionError, expectGroup, type GroupShape } from "espalier/testing";
import { isA, thrownBy } from "../../tests/conformance/case.ts";

const group = (...errors: unknown[]): TaskGroupError => new TaskGroupError(errors);
const tree = group(new TypeError("a"), group(new RangeError("b"), "text"), new TypeError("c"));

describe("expectGroup()", () => {
  const fitting: Record<string, [error: unknown, shape: GroupShape]> = {
    "classes, nested groups and predicates": [tree, [TypeError, [RangeError, (failure: unknown) => failure === "text"], TypeError]],
    "any order, at every level": [tree, [[(failure: unknown) => failure === "text", RangeError], TypeError, TypeError]],
    "a class above that of the failure": [group(new TypeError("a")), [Error]],
    "a class of ours, which no new finds": [group(group(1)), [TaskGroupError]],
    "the general before the special, where only another order fits": [group(new TypeError("a"), new Error("b")), [Error, TypeError]],
    "three that can be seated in one way only": [group(new TypeError("a"), new Error("b"), new RangeError("c")), [Error, RangeError, (e: Error) => e.message !== "c" && e.message !== "b"]],
    "no failures": [group(), []],
  };
  for (const [name, [error, shape]] of Object.entries(fitting)) {
    test(`expectGroup() passes: ${name}`, () => {
      expectGroup(error, shape);
    });
  }

  const failing: Record<string, [error: unknown, shape: GroupShape, message: RegExp]> = {
    "one too many": [tree, [TypeError, [RangeError, () => true]], /Not expected:\n\n {2}TypeError: c$/],
    "one missing": [group(1), [(one: number) => one === 1, TimeoutError], /Missing:\n\n {2}TimeoutError$/],
    "a group where a failure was expected": [group(group(new TypeError("a"))), [TypeError], /Not expected:\n\n {2}TaskGroupError\n {4}TypeError: a\n\nMissing:\n\n {2}TypeError$/],
    "the same one for two places": [group(new TypeError("a")), [TypeError, Error], /Missing:/],
    "no group at all": [new TypeError("alone"), [TypeError], /and got TypeError: alone\. A group throws a TaskGroupError; a combinator/],
    nothing: [undefined, [], /no failures\n\nand got undefined\./],
  };
  for (const [name, [error, shape, message]] of Object.entries(failing)) {
    test(`expectGroup() throws an AssertionError that says what did not match: ${name}`, async () => {
      const thrown = isA(await thrownBy(() => expectGroup(error, shape)), AssertionError);
      assert.match(thrown.message, message);
      assert.equal(thrown.cause, error);
      assert.equal(thrown.code, "ERR_ASSERTION");
    });
  }

  test("expectGroup() shows the whole tree and the whole shape", async () => {
    const isText = (failure: unknown): boolean => failure === "text";
    const { message } = isA(await thrownBy(() => expectGroup(tree, [TypeError, [RangeError, isText]])), AssertionError);
    assert.equal(
      message,
      "Expected a TaskGroupError of\n\n  TypeError\n  [RangeError, what isText() is true for]\n\nand got\n\n" +
        "  TaskGroupError\n    TypeError: a\n    TaskGroupError\n      RangeError: b\n      text\n    TypeError: c\n\nNot expected:\n\n  TypeError: c",
    );
  });

  test("expectGroup() of what a real group threw", async () => {
    const error = await thrownBy(
      taskGroup(async (outer) => {
        outer.spawn((scope) => scope.group(() => Promise.reject(new RangeError("inner"))));
        throw new TypeError("body");
      }),
    );
    expectGroup(error, [[RangeError], TypeError]);
    assert.equal(error.errors.length, 2);
  });
});
