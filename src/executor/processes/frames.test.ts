import assert from "node:assert/strict";
import { test } from "node:test";
import { type Frame, frame, Frames } from "./frames.ts";

const sent: Frame[] = [
  { slot: 0, generation: 0, content: new Uint8Array([1, 2, 3]) },
  { slot: 511, generation: 2 ** 30 - 1, content: new Uint8Array() },
  { slot: 7, generation: 1, content: new Uint8Array(100_000).fill(5) },
  { slot: 8, generation: 2, content: new Uint8Array([9]) },
];
const stream = Buffer.concat(sent.map(frame));

for (const [size, what] of [
  [Infinity, "all at once"],
  [1, "byte by byte"],
  [7, "in pieces shorter than a header"],
  [65_536, "in pieces as a pipe gives them"],
] as const) {
  test(`frames arrive as they were sent: ${what}`, () => {
    const frames = new Frames();
    const received: Frame[] = [];
    for (let at = 0; at < stream.byteLength; at += size) received.push(...frames.take(stream.subarray(at, Math.min(stream.byteLength, at + size))));
    assert.deepEqual(received, sent);
  });
}

test("each content has a buffer of its own, which can be handed over while the next is still to be read", () => {
  const received: number[][] = [];
  for (const { content } of new Frames().take(stream)) {
    assert.equal(content.buffer.byteLength, content.byteLength);
    received.push([...structuredClone(content, { transfer: [content.buffer as ArrayBuffer] }).subarray(0, 3)]);
  }
  assert.deepEqual(received, [[1, 2, 3], [], [5, 5, 5], [9]]);
});
