import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catchErrors } from "./catch.ts";
import { TaskGroupError } from "./group.ts";
import { leaves } from "./tree.ts";

const type = new TypeError("type");
const range = new RangeError("range");
const syntax = new SyntaxError("syntax");

/** What `catchErrors` rejects with; nothing else may happen. */
async function thrownBy(call: Promise<void>): Promise<unknown> {
  return call.then(
    () => assert.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

describe("catchErrors()", () => {
  test("catchErrors() gives each handler, once, a TaskGroupError of what is of its class", async () => {
    const told: [string, unknown[]][] = [];
    await catchErrors(
      new TaskGroupError([type, new TaskGroupError([range, new TypeError("inner")])]),
      [TypeError, (group) => void told.push(["types", leaves(group).map(String)])],
      [RangeError, (group) => void told.push(["ranges", leaves(group).map(String)])],
    );
    assert.deepEqual(told, [
      ["types", ["TypeError: type", "TypeError: inner"]],
      ["ranges", ["RangeError: range"]],
    ]);
  });

  test("catchErrors() gives a single error to a handler in a TaskGroupError, too", async () => {
    let told: unknown;
    await catchErrors(type, [TypeError, (group) => (told = group)]);
    assert.ok(told instanceof TaskGroupError);
    assert.deepEqual(told.errors, [type]);
  });

  test("catchErrors() gives what two classes match to the first of them alone", async () => {
    const told: string[] = [];
    await catchErrors(new TaskGroupError([type, range]), [Error, () => told.push("Error")], [TypeError, () => told.push("TypeError")]);
    assert.deepEqual(told, ["Error"]);
  });

  test("catchErrors() calls no handler that has nothing to handle", async () => {
    const error = new TaskGroupError([type]);
    assert.equal(await thrownBy(catchErrors(error, [RangeError, () => assert.fail("called")])), error);
    assert.equal(await thrownBy(catchErrors(error)), error);
  });

  test("catchErrors() awaits one handler before it calls the next", async () => {
    const log: string[] = [];
    const slow = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => void setImmediate(resolve));
      log.push(`${name} ends`);
    };
    await catchErrors(new TaskGroupError([type, range]), [TypeError, slow("types")], [RangeError, slow("ranges")]);
    assert.deepEqual(log, ["types begins", "types ends", "ranges begins", "ranges ends"]);
  });

  test("catchErrors() rethrows what none matched, nested as it was", async () => {
    const rest = await thrownBy(catchErrors(new TaskGroupError([type, new TaskGroupError([range, type, syntax])]), [TypeError, () => {}]));
    assert.ok(rest instanceof TaskGroupError);
    assert.equal(rest.errors.length, 1);
    const [inner] = rest.errors as unknown[];
    assert.ok(inner instanceof TaskGroupError);
    assert.deepEqual(inner.errors, [range, syntax]);
  });

  test("catchErrors() rethrows a value undefined that none matched", async () => {
    assert.equal(await thrownBy(catchErrors(undefined, [TypeError, () => assert.fail("called")])), undefined);
    const rest = await thrownBy(catchErrors(new TaskGroupError([undefined, type]), [TypeError, () => {}]));
    assert.deepEqual(leaves(rest), [undefined]);
  });

  test("catchErrors() throws the failure of a handler beside what none matched, and calls the others all the same", async () => {
    const failure = new Error("the handler's");
    let called = false;
    const error = await thrownBy(
      catchErrors(new TaskGroupError([type, range, syntax]), [TypeError, () => Promise.reject(failure)], [RangeError, () => (called = true)]),
    );
    assert.deepEqual(leaves(error), [failure, syntax]);
    assert.equal(called, true);
  });

  test("catchErrors() looks through SuppressedErrors", async () => {
    const told: unknown[] = [];
    const rest = await thrownBy(catchErrors(new SuppressedError(new TaskGroupError([range]), type), [RangeError, (group) => void told.push(...leaves(group))]));
    assert.deepEqual(told, [range]);
    assert.deepEqual(leaves(rest), [type]);
  });

  test("catchErrors() follows instanceof, so classes of the user count with their subclasses", async () => {
    class Refused extends Error {}
    class RefusedTwice extends Refused {}
    const told: unknown[] = [];
    const twice = new RefusedTwice("twice");
    await catchErrors(new TaskGroupError([twice]), [Refused, (group) => void told.push(...leaves(group))]);
    assert.deepEqual(told, [twice]);
  });
});
