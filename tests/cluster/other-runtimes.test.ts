/** Two sides whose runtimes are not of the same age: what both know arrives whole, and what one does not know is refused by its name. */
import assert from "node:assert/strict";
import { test } from "node:test";

type Codec = typeof import("../../src/executor/processes/codec.ts");

/** The codec of a runtime that has this, or none, as its Float16Array. */
async function codecWith(Float16: unknown, which: string): Promise<Codec> {
  const before = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  Object.defineProperty(globalThis, "Float16Array", { value: Float16, configurable: true, writable: true });
  try {
    return (await import(`../../src/executor/processes/codec.ts?${which}`)) as Codec;
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, "Float16Array");
    else Object.defineProperty(globalThis, "Float16Array", before);
  }
}

test("arrays arrive as what they are where one side has a kind of array that the other has not", async () => {
  const Float16 = (globalThis as { Float16Array?: new (length: number) => ArrayBufferView }).Float16Array ?? class Float16Array extends Uint16Array {};
  const [older, newer] = [await codecWith(undefined, "older"), await codecWith(Float16, "newer")];
  const views = [new Int16Array([-1]), new Uint32Array([1]), new Float64Array([0.5, 2]), new BigUint64Array([3n]), new DataView(new ArrayBuffer(2)), Buffer.from("text")];
  for (const [from, to] of [[older, newer], [newer, older]] as const) assert.deepEqual(to.deserialize(from.serialize(views)), views);
  // Bun's own format is not written by us.
  if (process.versions["bun"] === undefined) assert.throws(() => older.deserialize(newer.serialize(new Float16(2))), /a Float16Array that this runtime does not have/);
});
