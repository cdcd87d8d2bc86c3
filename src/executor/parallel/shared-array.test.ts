import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MisuseError } from "../../errors/misuse.ts";
import { sharedArray } from "./shared-array.ts";

describe("sharedArray()", () => {
  test("makes arrays of every class over shared memory, zero or with given elements", () => {
    for (const Class of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array] as (typeof Float64Array)[]) {
      const zeros = sharedArray(Class, 3);
      assert.ok(zeros instanceof Class && zeros.buffer instanceof SharedArrayBuffer);
      assert.deepEqual([...zeros], [0, 0, 0]);
      assert.equal(zeros.buffer.byteLength, 3 * Class.BYTES_PER_ELEMENT);
      assert.deepEqual([...sharedArray(Class, [1, 2])], [1, 2]);
      assert.deepEqual([...sharedArray(Class, Class.of(5))], [5]);
    }
    assert.deepEqual([...sharedArray(BigInt64Array, [1n, -2n])], [1n, -2n]);
    assert.equal(sharedArray(BigUint64Array, 0).length, 0);
  });
  test("refuses what is no class, and what is no length", () => {
    for (const Class of [undefined, null, Array, DataView, "Float64Array", {}] as never[]) assert.throws(() => sharedArray(Class, 1), TypeError);
    for (const from of [Number.NaN, -1, 1.5, Infinity, undefined, null, {}] as never[]) assert.throws(() => sharedArray(Float64Array, from), RangeError);
  });
  test("says what to do where memory is not shared", () => {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, "SharedArrayBuffer")!;
    Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    try {
      assert.throws(() => sharedArray(Float64Array, 1), (error) => error instanceof MisuseError && error.code === "NO_SHARED_MEMORY" && /Cross-Origin-Opener-Policy/.test(error.message));
    } finally {
      Object.defineProperty(globalThis, "SharedArrayBuffer", descriptor);
    }
  });
});
