import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describe as sentenceOf, hasBrand, stamp } from "./brand.ts";
import { CancelledError } from "./cancelled.ts";
import { TaskGroupError } from "./group.ts";
import { MisuseError } from "./misuse.ts";
import { TimeoutError } from "./timeout.ts";

const cancelled = new CancelledError("explicit", "scope", "enough");
const errors = {
  cancelled,
  timeout: new TimeoutError("scope", 10, cancelled),
  misuse: new MisuseError("EMPTY", "nothing was given"),
  group: new TaskGroupError([cancelled]),
} as const;
type Brand = keyof typeof errors;
const brands = Object.keys(errors) as Brand[];
const classes = { cancelled: CancelledError, timeout: TimeoutError, misuse: MisuseError, group: TaskGroupError };
const files = { cancelled: "cancelled", timeout: "timeout", misuse: "misuse", group: "group" };

describe("hasBrand()", () => {
  for (const brand of brands) {
    test(`hasBrand() tells a ${brand} error from the others`, () => {
      assert.deepEqual(brands.filter((other) => hasBrand(errors[other], brand)), [brand]);
    });
  }

  test("hasBrand() is false for what is no object", () => {
    for (const value of [undefined, null, 0, "cancelled", Symbol.for("espalier.error"), () => {}]) assert.equal(hasBrand(value, "cancelled"), false);
  });
});

describe("instanceof", () => {
  for (const brand of brands) {
    test(`${classes[brand].name}: another copy of the package and this one recognise each other's errors`, async () => {
      // A query makes Node load the file a second time, as another copy of the package would be.
      const file = new URL(`./${files[brand]}.ts?copy`, import.meta.url).href;
      const copy = ((await import(file)) as Record<string, typeof Error>)[classes[brand].name]!;
      const foreign = Object.create(copy.prototype) as Error;
      assert.notEqual(copy, classes[brand]);
      assert.ok(errors[brand] instanceof copy);
      assert.ok(foreign instanceof classes[brand]);
      assert.ok(foreign instanceof Error);
    });
  }

  test("a subclass of a user is not satisfied by its parent's instances, and its own are instances of both", () => {
    class Own extends MisuseError {}
    const own = new Own("EMPTY", "own");
    assert.ok(own instanceof Own);
    assert.ok(own instanceof MisuseError);
    assert.equal(errors.misuse instanceof Own, false);
  });

  test("what only looks like one of ours is none", () => {
    const forged = Object.assign(new Error("forged"), { name: "AbortError", code: "ABORT_ERR", source: "explicit" });
    assert.equal(forged instanceof CancelledError, false);
  });
});

describe("stamp()", () => {
  test("stamp() names the class's errors without an own property", () => {
    for (const [brand, name] of [
      ["cancelled", "AbortError"],
      ["timeout", "TimeoutError"],
      ["misuse", "MisuseError"],
      ["group", "TaskGroupError"],
    ] as const) {
      assert.equal(errors[brand].name, name);
      assert.equal(Object.hasOwn(errors[brand], "name"), false);
    }
  });

  test("stamp() lets a name be overwritten, as other errors' names can be", () => {
    class Marked extends Error {}
    stamp(Marked, "MarkedError", "misuse");
    const error = new Marked("message");
    error.name = "Renamed";
    assert.equal(String(error), "Renamed: message");
  });
});

describe("describe()", () => {
  test("describe() gives text as it is, errors by name and message, and other values as text", () => {
    assert.equal(sentenceOf("enough"), "enough");
    assert.equal(sentenceOf(new TypeError("wrong")), "TypeError: wrong");
    assert.equal(sentenceOf(undefined), "undefined");
    assert.equal(sentenceOf(42), "42");
    assert.equal(sentenceOf(Symbol("s")), "Symbol(s)");
  });

  test("describe() never throws", () => {
    const hostile = [
      Object.create(null),
      { toString: () => { throw new Error("no"); } },
      Object.defineProperty(new Error("e"), "message", { get: () => { throw new Error("no"); } }),
      new Proxy({}, { get: () => { throw new Error("no"); } }),
    ];
    for (const value of hostile) assert.equal(typeof sentenceOf(value), "string");
  });
});
