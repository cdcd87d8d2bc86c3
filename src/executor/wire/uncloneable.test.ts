import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serialize } from "node:v8";
import { MessageChannel } from "node:worker_threads";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { notCloneable, pathOfUncloneable } from "./uncloneable.ts";

class Secret {
  #key = 1;
  readonly inner = { onDone: (): void => {} };
  get key(): number {
    return this.#key;
  }
}
class Point {
  x = 1;
  length(): number {
    return this.x;
  }
}

const never = (): never => {
  throw new Error("private");
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const circle: Record<string, unknown> = { a: 1 };
circle["self"] = circle;
const parent: Record<string, unknown> = {};
parent["children"] = [{ parent }];
parent["onClose"] = (): void => {};
const detached = new ArrayBuffer(8);
structuredClone(detached, { transfer: [detached] });
const proxied = (target: object): object => new Proxy(target, {});
const { port1 } = new MessageChannel();
port1.close();

const refused: Record<string, [value: unknown, path: string, what: RegExp]> = {
  "a function": [() => {}, "input", /^a function/],
  "a function deep inside": [{ handlers: [0, 1, { onDone() {} }] }, "input.handlers[2].onDone", /^a function onDone$/],
  "a class": [{ Point }, "input.Point", /^a class Point$/],
  "a symbol": [[Symbol("s")], "input[0]", /^a symbol, Symbol\(s\)$/],
  "a Promise": [{ a: Promise.resolve(1) }, "input.a", /^a Promise$/],
  "a WeakMap": [{ cache: new WeakMap() }, "input.cache", /^a WeakMap$/],
  "a WeakRef": [{ ref: new WeakRef({}) }, "input.ref", /^a WeakRef$/],
  "a generator": [{ it: (function* () { yield 1; })() }, "input.it", /Generator/],
  "a URL": [{ url: new URL("http://x") }, "input.url", /^a URL$/],
  "a port": [{ port: port1 }, "input.port", /^a MessagePort$/],
  "a detached buffer": [{ bytes: detached }, "input.bytes", /^an ArrayBuffer$/],
  "a value in a Map": [new Map([["key one", never]]), `input.get("key one")`, /function/],
  "a value in a Map under an object": [{ m: new Map<unknown, unknown>([[1, 2], [{}, { f: never }]]) }, "[...input.m.values()][1].f", /function/],
  "a key in a Map": [new Map([[never, 1]]), "[...input.keys()][0]", /function/],
  "an item of a Set": [{ tags: new Set(["a", { f: never }]) }, "[...input.tags][1].f", /function/],
  "the cause of an error": [{ error: new Error("e", { cause: { f: never } }) }, "input.error.cause.f", /function/],
  "an odd key": [{ "a-b": { "": never } }, `input["a-b"][""]`, /function/],
  "a getter that throws": [{ get user() { return never(); } }, "input.user", /^a getter that throws \(Error: private\)$/],
  "an own accessor with a private part": [Object.defineProperty({}, "key", { get: () => Reflect.get(Secret.prototype, "key", {}), enumerable: true }), "input.key", /^a getter that throws \(TypeError: /],
  "a field of an instance": [{ secret: new Secret() }, "input.secret.inner.onDone", /function/],
  "a part of a circle": [Object.assign({ circle }, { f: never }), "input.f", /function/],
  "a part beside a child that refers to it": [parent, "input.onClose", /function/],
  "a Proxy": [{ p: proxied({ a: { b: 1 } }) }, "input.p", /^an object behind a Proxy/],
  "a Proxy of nothing": [[1, proxied({})], "input[1]", /Proxy/],
  "a Proxy in a Proxy": [proxied({ a: proxied({ b: 1 }) }), "input.a", /Proxy/],
  "a revoked Proxy": [{ a: revoked.proxy }, "input", /./],
  "the last of many": [[...Array.from({ length: 10_000 }, (_, at) => ({ at })), never], "input[10000]", /function/],
};

describe("pathOfUncloneable()", () => {
  for (const [what, [value, path, description]] of Object.entries(refused)) {
    test(`${what} is named with its path`, () => {
      assert.throws(() => structuredClone(value));
      const found = pathOfUncloneable(value, "input");
      assert.equal(found?.path, path);
      assert.match(found.what, description);
    });
  }

  const taken = { undefined, data: { a: [1, "2", 3n, null, undefined] }, circle, instance: new Point(), error: new Error("e", { cause: new Map([[1, new Set([1])]]) }), bytes: new Float32Array(2), shared: new SharedArrayBuffer(1), date: new Date(), hidden: Object.defineProperty({}, "f", { value: never }), symbolKey: { [Symbol("s")]: never } };
  for (const [what, value] of Object.entries(taken)) {
    test(`${what}: nothing is named where all of it is cloned`, () => {
      assert.equal(pathOfUncloneable(value), undefined);
    });
  }

  test("what another transport refuses is found by its own clone", () => {
    const value = { memory: new SharedArrayBuffer(1) };
    assert.throws(() => serialize(value));
    assert.deepEqual(pathOfUncloneable(value, "input", serialize), { path: "input.memory", what: "a SharedArrayBuffer" });
  });

  test("the cause of an error is not blamed where the clone leaves causes out", () => {
    const clone = (value: unknown): unknown => structuredClone(value instanceof Error ? value.message : value);
    assert.equal(pathOfUncloneable({ error: new Error("e", { cause: never }), f: never }, "input", clone)?.path, "input.f");
  });

  test("too deep a value is called so, and what is beyond the depth of clone is found all the same", () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = [deep];
    assert.deepEqual(pathOfUncloneable(deep, "input"), { path: "input", what: "nested too deeply to be cloned" });
    let hiding: object = { f: never };
    for (let level = 0; level < 20_000; level++) hiding = { a: hiding };
    assert.match(pathOfUncloneable(hiding, "input")!.path, /^input\.a\.a\.a[.a]*\.f$/);
  });

  test("an endless value is given up on", () => {
    let made = 0;
    const endless = (): object => ({ get next() { made++; return endless(); } });
    assert.deepEqual(pathOfUncloneable(endless(), "input"), { path: "input", what: "nested too deeply to be cloned" });
    assert.ok(made < 3_000_000);
  });
});

describe("notCloneable()", () => {
  test("the error names the work, the part, and what to send instead", () => {
    const cause = new DOMException("no", "DataCloneError");
    const error = notCloneable({ image: { onDone() {} } }, "input", "resize", cause);
    assert.ok(error instanceof NotCloneableError);
    assert.deepEqual([error.name, error.code, error.path, error.cause], ["NotCloneableError", "NOT_CLONEABLE", "input.image.onDone", cause]);
    assert.equal(
      error.message,
      'The input of the work "resize" cannot be sent to another thread or process: input.image.onDone is a function onDone. Functions stay where they are: send data, or offer the function as a callback of the call.',
    );
  });

  test("it says what to do about each kind", () => {
    const advice: [unknown, RegExp][] = [[Symbol("s"), /send a string/], [Promise.resolve(), /Await it/], [{ get a() { return never(); } }, /Send a copy/], [proxied({}), /behind it/], [port1, /transfer list/], [new WeakMap(), /as plain data/]];
    for (const [value, expected] of advice) assert.match(notCloneable(value, "result", "w", undefined).message, expected);
    assert.match(notCloneable(new SharedArrayBuffer(1), "input", "w", undefined, serialize).message, /use threads/);
  });

  test("where nothing is found, it says what the transport said", () => {
    const error = notCloneable({ a: 1 }, "result", "w", new Error("port closed"));
    assert.equal(error.path, "result");
    assert.match(error.message, /refused by the transport \(Error: port closed\)/);
  });
});
