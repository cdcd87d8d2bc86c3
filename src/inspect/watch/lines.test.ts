import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Lines } from "./lines.ts";

describe("lines", () => {
  test("are the same however they come in pieces, and end at a line feed only", () => {
    const text = "one\n\ntwo\u2028two\u2029two\rtwo äöü 😀\nthree\n";
    const bytes = Buffer.from(`${text}rest`);
    for (let size = 1; size <= bytes.length; size++) {
      const lines = new Lines(40);
      const got: string[] = [];
      for (let at = 0; at < bytes.length; at += size) got.push(...lines.add(bytes.subarray(at, at + size)));
      assert.deepEqual(got, text.split("\n").slice(0, -1));
    }
  });

  test("are not longer than is allowed", () => {
    const lines = new Lines(10);
    assert.deepEqual([...lines.add(Buffer.from("0123456789\n01234"))], ["0123456789"]);
    assert.deepEqual([...lines.add(Buffer.from("56789"))], []);
    assert.throws(() => [...lines.add(Buffer.from("x"))], RangeError);
  });
});
