import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { abortAll, createSignal, ownerOfSignal } from "./signal.ts";

describe("createSignal()", () => {
  test("createSignal() makes a signal that leads back to its owner", () => {
    const owner = {};
    const { signal } = createSignal(owner);
    assert.ok(signal instanceof AbortSignal);
    assert.equal(ownerOfSignal(signal), owner);
    assert.deepEqual(Object.keys(signal), Object.keys(new AbortController().signal), "nothing of it is enumerable");
  });
});

describe("ownerOfSignal()", () => {
  test("ownerOfSignal() is undefined for a signal of others, also one that depends on ours, and for none", () => {
    const { signal } = createSignal({});
    for (const other of [new AbortController().signal, AbortSignal.any([signal]), undefined]) assert.equal(ownerOfSignal(other), undefined);
  });
});

describe("abortAll()", () => {
  for (const count of [1, 2, 5]) {
    test(`abortAll() aborts ${count}, and the first listener of any sees all of them aborted, in every way of asking`, () => {
      const controllers = Array.from({ length: count }, () => createSignal({}));
      const reason = new Error("the reason");
      const seen: unknown[] = [];
      for (const { signal } of controllers) {
        signal.addEventListener("abort", () => {
          for (const other of controllers.map((controller) => controller.signal)) {
            seen.push(other.aborted, other.reason);
            assert.throws(
              () => other.throwIfAborted(),
              (error) => error === reason,
            );
          }
        });
      }
      abortAll(controllers, reason);
      assert.equal(seen.length, count * count * 2);
      assert.deepEqual(new Set(seen), new Set([true, reason]));
    });
  }

  test("abortAll() leaves no property of its own behind", () => {
    const controllers = [createSignal({}), createSignal({})];
    const before = controllers.map(({ signal }) => Reflect.ownKeys(signal).length);
    abortAll(controllers, "reason");
    assert.deepEqual(controllers.map(({ signal }) => Reflect.ownKeys(signal).length), before);
    assert.deepEqual(controllers.map(({ signal }) => [signal.aborted, signal.reason]), [[true, "reason"], [true, "reason"]]);
  });

  test("abortAll() calls each listener once, in the order of the controllers", () => {
    const log: string[] = [];
    const controllers = ["a", "b", "c"].map((name) => {
      const controller = createSignal({});
      controller.signal.addEventListener("abort", () => log.push(name));
      controller.signal.onabort = () => log.push(`${name}!`);
      return controller;
    });
    abortAll(controllers, "reason");
    assert.deepEqual(log, ["a", "a!", "b", "b!", "c", "c!"]);
  });

  test("abortAll() takes with it what depends on a signal, also what is made to depend on it by a listener", () => {
    const [first, second] = [createSignal({}), createSignal({})];
    const dependent = AbortSignal.any([second.signal]);
    const made: AbortSignal[] = [];
    first.signal.addEventListener("abort", () => made.push(AbortSignal.any([second.signal])));
    abortAll([first, second], "reason");
    assert.deepEqual([dependent, ...made].map(({ aborted, reason }) => [aborted, reason as unknown]), [[true, "reason"], [true, "reason"]]);
  });

  test("abortAll() does nothing for none", () => {
    abortAll([], "reason");
  });
});
