import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Message } from "../wire/messages.ts";
import { decode, deserialize, encode, serialize } from "./codec.ts";

const cross = <T>(value: T): T => deserialize(Buffer.from(serialize(value))) as T;

describe("serialize(), deserialize()", () => {
  test("arrays over bytes of every kind arrive as such, with buffers of their own size", () => {
    const memory = new ArrayBuffer(64);
    const views = [
      new Uint8Array(memory, 3, 5),
      new Uint8ClampedArray(memory, 3, 5),
      new Int8Array(memory, 3, 5),
      new Uint16Array(memory, 2, 5),
      new Int16Array(memory, 2, 5),
      new Uint32Array(memory, 4, 5),
      new Int32Array(memory, 4, 5),
      new Float32Array(memory, 4, 5),
      new Float64Array(memory, 8, 5),
      new BigInt64Array(memory, 8, 5),
      new BigUint64Array(memory, 8, 5),
      new DataView(memory, 1, 5),
      Buffer.from("a buffer"),
    ];
    new Uint8Array(memory).forEach((_, at, bytes) => (bytes[at] = at % 2 === 0 ? at : 0));
    const arrived = cross(views);
    assert.deepEqual(arrived, views);
    for (const view of arrived) assert.equal(view.buffer.byteLength, view.byteLength, view.constructor.name);
    assert.deepEqual(cross(memory), memory);
  });

  test("what was received is not changed by who has a part of it", () => {
    const bytes = Buffer.from(serialize({ part: new Uint8Array([1, 2]) }));
    const first = deserialize(bytes) as { part: Uint8Array };
    first.part.fill(9);
    assert.deepEqual(deserialize(bytes), { part: new Uint8Array([1, 2]) });
  });

  test("an object in two places stays one", () => {
    const shared = { name: "shared" };
    const [first, second] = cross([shared, new Map([[shared, shared]])]) as [object, Map<object, object>];
    assert.equal(second.get(first), first);
  });

  for (const [what, value] of [
    ["shared memory", new SharedArrayBuffer(4)],
    ["an array over shared memory", new Uint8Array(new SharedArrayBuffer(4))],
    ["a view of shared memory", new DataView(new SharedArrayBuffer(4))],
    ["a function", () => {}],
    ["a symbol", Symbol("own")],
    ["a promise", Promise.resolve()],
    ["a port", new MessageChannel().port1],
    ["a proxy", new Proxy({}, {})],
  ] as const) {
    test(`${what} is refused, wherever it is`, () => {
      assert.throws(() => serialize(value));
      assert.throws(() => serialize({ list: [new Map([["key", value]])] }));
    });
  }
});

describe("encode(), decode()", () => {
  test("primitives go as they are, and all else in bytes", () => {
    const plain: Message = [1, "text", 2n, null, undefined, true];
    assert.equal(encode(plain), plain);
    assert.equal(decode(plain), plain);
    const rich: Message = [1, { a: [1] }];
    assert.ok(encode(rich)[1] instanceof Uint8Array);
    assert.deepEqual(decode(encode(rich)), rich);
    assert.throws(() => encode([1, () => {}]));
  });

  test("what somebody else sent is none of ours", () => {
    for (const foreign of ["text", 5, null, undefined, {}, [], ["text"], Buffer.from([1])]) assert.equal(decode(foreign), undefined);
  });
});
