import assert from "node:assert/strict";
import { test } from "node:test";
import { modelled, speedUps } from "./model.ts";

test("modelled() divides what the worker computes, and not what the caller does", () => {
  assert.equal(modelled({ serial: 10, parallel: 100 }, 1), 110);
  assert.equal(modelled({ serial: 10, parallel: 100 }, 4), 35);
});

test("speedUps() approach what the serial part leaves, from below one", () => {
  const points = speedUps({ inline: 100, serial: 10, parallel: 100 }, 1_000);
  assert.equal(points.length, 1_000);
  assert.deepEqual([points[0]!.x, points.at(-1)!.x], [1, 1_000]);
  assert.ok(points[0]!.y < 1, "one worker is slower than none: somebody has to call it");
  assert.ok(points.every(({ y }, place) => place === 0 || y > points[place - 1]!.y));
  assert.ok(points.at(-1)!.y < 10);
});
