import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isGroupError, TaskGroupError } from "./group.ts";

const E = new Error("disk full");

describe("TaskGroupError", () => {
  test("TaskGroupError is an AggregateError that holds the very objects it was given, in order", () => {
    const inner = new AggregateError([E]);
    const error = new TaskGroupError(new Set<unknown>([E, inner, undefined, "text"]));
    assert.ok(error instanceof AggregateError);
    assert.equal(error.name, "TaskGroupError");
    assert.equal(error.errors[0], E);
    assert.equal(error.errors[1], inner);
    assert.deepEqual(error.errors.slice(2), [undefined, "text"]);
  });

  test("TaskGroupError does not share the list that it was given", () => {
    const list = [E];
    const error = new TaskGroupError(list);
    list.push(new Error("later"));
    assert.equal(error.errors.length, 1);
  });

  test("TaskGroupError says how many failed and what the first of them were", () => {
    assert.match(new TaskGroupError([E]).message, /1 failure\b.*disk full/);
    const many = new TaskGroupError(["a", "b", "c", "d"].map((text) => new Error(text)));
    assert.match(many.message, /4 failures.*a.*b.*c/);
    assert.equal(many.message.includes("Error: d"), false);
  });

  test("TaskGroupError keeps a message and a cause that are given, and has no cause else", () => {
    const error = new TaskGroupError([E], "two of three mirrors are down", { cause: E });
    assert.equal(error.message, "two of three mirrors are down");
    assert.equal(error.cause, E);
    assert.equal("cause" in new TaskGroupError([E]), false);
  });

  test("TaskGroupError can be made of values that cannot be printed", () => {
    assert.equal(new TaskGroupError([Object.create(null)]).errors.length, 1);
  });

  test("TaskGroupError of nested groups keeps its message short, however deep they are", () => {
    let error = new TaskGroupError([E]);
    for (let depth = 0; depth < 1_000; depth++) error = new TaskGroupError([error]);
    assert.ok(error.message.length < 2_000);
  });
});

describe("isGroupError()", () => {
  test("isGroupError() is true for a TaskGroupError and for no other aggregate", () => {
    assert.equal(isGroupError(new TaskGroupError([])), true);
    for (const other of [new AggregateError([E]), E, undefined, { errors: [] }]) assert.equal(isGroupError(other), false);
  });
});
