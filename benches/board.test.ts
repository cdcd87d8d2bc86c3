import assert from "node:assert/strict";
import { test } from "node:test";
import { converted, quantity } from "./board.ts";

test("quantity() gives the median with the 10th and the 90th percentile of the rounds", () => {
  assert.deepEqual(quantity([5, 1, 3, 2, 4, 11, 6, 8, 7, 9, 10]), { value: 6, low: 2, high: 10, rounds: 11 });
});

test("quantity() of a single round has no spread", () => {
  assert.deepEqual(quantity([7]), { value: 7, rounds: 1 });
});

test("quantity() refuses to describe nothing", () => {
  assert.throws(() => quantity([]), RangeError);
});

test("converted() keeps low below high when the conversion reverses their order", () => {
  assert.deepEqual(converted({ value: 100, low: 50, high: 200, rounds: 9 }, (micros) => 1e6 / micros), { value: 10_000, low: 5_000, high: 20_000, rounds: 9 });
  assert.deepEqual(converted({ value: 2 }, (seconds) => seconds * 1000), { value: 2000 });
});
