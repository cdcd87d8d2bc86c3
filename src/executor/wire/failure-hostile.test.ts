import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deserialize, serialize } from "node:v8";
import { TaskGroupError } from "../../errors/group.ts";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { decodeFailure, encodeFailure } from "./failure.ts";

const never = (): never => {
  throw new Error("no");
};
/** Both transports, so that neither has more than the other. */
function cross(thrown: unknown): unknown {
  const encoded = encodeFailure(thrown);
  assert.deepEqual(deserialize(serialize(encoded)), structuredClone(encoded));
  const error = decodeFailure(structuredClone(encoded));
  assert.notEqual((error as { code?: unknown } | null | undefined)?.code, "MALFORMED_FAILURE");
  return error;
}

describe("encodeFailure(): what is thrown and is no error", () => {
  const data: unknown[] = [undefined, null, "text", "", 0, -0, NaN, 5n, true, { a: [1, { b: null }] }, [1, 2], new Map([[1, 2]]), new Set([1]), new Date(7), /x/g, new Uint8Array([1]), { message: "m", stack: "s", name: 1, constructor: 2 }];
  for (const value of data) {
    test(`${typeof value} ${JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? "bigint" : one))} arrives as it is`, () => {
      assert.deepEqual(cross(value), value);
    });
  }

  const kept = { "a function": () => {}, "a class Foo": class Foo {}, "a symbol": Symbol("s"), "a Promise": Promise.resolve(), "a WeakMap": new WeakMap(), "a URL": new URL("http://x"), "a Blob": new Blob([]) };
  for (const [what, value] of Object.entries(kept)) {
    test(`${what} arrives as an error that says so`, () => {
      const arrived = cross(value);
      assert.ok(arrived instanceof NotCloneableError);
      assert.ok(arrived.message.includes(`is ${what}`), arrived.message);
    });
  }

  test("an instance of a class arrives as its data, and one that is a machine as an error", () => {
    class Point {
      x = 1;
      inner = [new Point2()];
    }
    class Point2 {
      y = 2;
    }
    assert.deepEqual(cross(new Point()), { x: 1, inner: [{ y: 2 }] });
    class Machine {
      parts = { start: () => {} };
    }
    assert.match(String(cross(new Machine())), /an instance of Machine/);
    assert.deepEqual(cross(Object.assign(new Error("e"), { machine: new Machine() })), Object.assign(new Error("e"), { machine: "[an instance of Machine, which cannot be sent]" }));
  });
});

describe("encodeFailure(): parts that cannot be sent", () => {
  test("they are replaced by what they were, and the rest arrives", () => {
    const error = Object.assign(new Error("rich", { cause: { retry: () => {} } }), {
      request: { url: "/a", onDone() {}, headers: new Map([["h", Symbol("v")]]) },
      list: [1, Promise.resolve(), 3],
      memory: new SharedArrayBuffer(4),
      id: 5,
    });
    const arrived = cross(error) as typeof error;
    assert.deepEqual(arrived.cause, { retry: "[a function retry, which cannot be sent]" });
    assert.deepEqual(arrived.request, { url: "/a", onDone: "[a function onDone, which cannot be sent]", headers: new Map([["h", "[a symbol, Symbol(v), which cannot be sent]"]]) });
    assert.deepEqual(arrived.list, [1, "[a Promise, which cannot be sent]", 3]);
    assert.deepEqual([arrived.memory, arrived.id], ["[a SharedArrayBuffer, which cannot be sent]", 5]);
  });

  test("a Buffer brings its own bytes, and not those of its pool", () => {
    const buffer = Buffer.from("abc");
    const encoded = encodeFailure({ buffer });
    const { bytes } = encoded.nodes[1] as unknown as { bytes: Uint8Array };
    assert.equal(bytes.buffer.byteLength, 3);
    assert.deepEqual((cross({ buffer }) as { buffer: Uint8Array }).buffer, new Uint8Array([97, 98, 99]));
  });
});

describe("encodeFailure(): hostile errors", () => {
  const revoked = Proxy.revocable(new Error("gone"), {});
  revoked.revoke();
  const trap = new Proxy(new Error("trap"), { get: never, has: never, ownKeys: never, getPrototypeOf: never, getOwnPropertyDescriptor: never });
  const endless = (): object => new Proxy({}, { get: endless, ownKeys: () => ["a", "b"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) });
  const getters = ["name", "message", "stack", "cause", "constructor", "errors", "code", "extra"].map((key) => Object.defineProperty(new Error("e"), key, { get: never, enumerable: true }));
  const onPrototype = Object.create(Object.create(Error.prototype, { name: { get: never }, message: { get: never }, constructor: { get: never } }) as object) as unknown;
  const pretended: unknown[] = [{ [Symbol.toStringTag]: "Map" }, { [Symbol.toStringTag]: "Date" }, { [Symbol.toStringTag]: "RegExp" }, { [Symbol.toStringTag]: "ArrayBuffer" }, { [Symbol.toStringTag]: "ArrayBuffer", byteLength: -1e9 }, { [Symbol.toStringTag]: "Error" }, { [Symbol.toStringTag]: "Number", valueOf: never }];
  const hostile: unknown[] = [
    revoked.proxy,
    trap,
    ...getters,
    onPrototype,
    ...pretended,
    Object.assign(new Error("e"), { trap, revoked: revoked.proxy, pretended }),
    Object.create(null),
    Object.assign(new Error("e"), { endless: endless() }),
    Object.defineProperty(new AggregateError([], "e"), "errors", { value: new Proxy([1, 2], { get: (_, key) => (key === "length" ? 1e9 : never()) }) }),
    Object.defineProperty(new Error("e"), Symbol.for("espalier.suppressed"), { get: never }),
    Object.defineProperty(new Error("e"), Symbol.for("espalier.suppressed"), { value: { length: 3 } }),
    Object.assign(new Error("e"), { name: { toString: never } }),
    Object.assign(new Error("e"), { message: Symbol("m") }),
    new Proxy({}, { get: never }),
    new Proxy([], { get: never }),
    new Proxy(new Map(), {}),
  ];
  for (const [at, error] of hostile.entries()) {
    test(`number ${at} does not throw out of either side`, () => {
      const arrived = cross(error);
      assert.notEqual(arrived, undefined);
    });
  }

  test("what can be read arrives, whatever stands beside it", () => {
    for (const [at, key] of ["name", "message", "stack", "cause", "constructor", "errors", "code", "extra"].entries()) {
      const arrived = cross(getters[at]) as Error;
      assert.ok(arrived instanceof Error);
      if (key !== "message") assert.equal(arrived.message, "e");
      if (key === "extra") assert.equal((arrived as { extra?: unknown }).extra, "[a getter that throws: Error: no]");
    }
    const beside = cross(Object.assign(new RangeError("e"), { revoked: revoked.proxy, pretended, id: 5 })) as Error & { revoked: string; id: number };
    assert.ok(beside instanceof RangeError);
    assert.deepEqual([beside.message, beside.revoked, beside.id], ["e", "[an object that cannot be read, which cannot be sent]", 5]);
    assert.ok(cross(trap) instanceof Error);
  });

  test("a finder that throws loses the class and nothing else", () => {
    class Own extends Error {}
    const arrived = decodeFailure(encodeFailure(new Own("own"), never)) as Error;
    assert.ok(arrived instanceof Error);
    assert.equal(arrived.message, "own");
  });

  test("a key __proto__ stays behind, and no prototype changes", () => {
    const data = JSON.parse(`{ "__proto__": { "polluted": 1 }, "kept": 1 }`) as object;
    const arrived = cross(Object.assign(new Error("e"), { data })) as { data: object };
    assert.deepEqual(Object.getOwnPropertyNames(arrived.data), ["kept"]);
    assert.equal(Object.getPrototypeOf(arrived.data), Object.prototype);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    const forged = { version: 1, thrown: { at: 0 }, nodes: [{ kind: "object", own: [["__proto__", { at: 1 }], ["kept", 1]] }, { kind: "error", base: "Error", name: "Error", message: "", own: [["__proto__", { at: 0 }]], hidden: [] }] };
    assert.deepEqual(Object.getOwnPropertyNames(decodeFailure(forged)), ["kept"]);
  });
});

describe("encodeFailure(): what is too large", () => {
  const MOST = 2 ** 22;

  test("a long text is cut, and the error arrives", () => {
    const error = Object.assign(new Error("m".repeat(1e6)), { body: "b".repeat(1e6), id: 7 });
    const arrived = cross(error) as typeof error;
    assert.deepEqual([arrived.message.length, arrived.body.length, arrived.id], [2 ** 16 + 1, 2 ** 16 + 1, 7]);
    assert.equal(arrived.stack!.length, 2 ** 14 + 1);
  });

  test("large and endless parts are bounded, and the outer ones arrive", () => {
    const wide = new TaskGroupError(Array.from({ length: 50_000 }, (_, i) => Object.assign(new Error(String(i)), { stack: "s".repeat(2_000) })));
    let deep: object = {};
    for (let i = 0; i < 200_000; i++) deep = { deep };
    const big = Array.from({ length: 1_000_000 }, () => ["x".repeat(100)]);
    const texts = Object.assign(new Error("e"), { code: "KEPT", texts: Array.from({ length: 1_000 }, () => "x".repeat(50_000)) });
    for (const large of [wide, texts, Object.assign(new Error("e"), { deep, big, bytes: new Uint8Array(1e7), code: "KEPT" })]) {
      const encoded = encodeFailure(large);
      assert.ok(serialize(encoded).byteLength < 4 * MOST, `${serialize(encoded).byteLength} bytes`);
      const arrived = decodeFailure(structuredClone(encoded)) as { code?: string };
      assert.ok(arrived instanceof Error);
      if (arrived instanceof TaskGroupError) {
        assert.ok(arrived.errors.length > 5_000, `${arrived.errors.length} errors`);
        assert.equal((arrived.errors[4_000] as Error).message, "4000");
        assert.match(String(arrived.errors.at(-1)), /^\[and \d+ more, left out: the error is too large\]$/);
      } else assert.equal(arrived.code, "KEPT");
    }
  });
});
