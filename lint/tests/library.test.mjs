/** What the rules know of the library, compared with its public surface: whoever adds an operation is told to add it here. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { methods, promising, roots, waitsIn } from "../source/library.mjs";
import { root } from "./marked.mjs";

const surface = readdirSync(join(root, "api"))
  .map((file) => readFileSync(join(root, "api", file), "utf8"))
  .join("\n");

/** Things that wait, and are no business of a rule: iterators, streams, and what a caller awaits by its nature. */
const left = new Set(["Flow", "StreamSource", "StreamSink", "Caller", "Clock", "Schedule", "TestClock", "Sequencer", "Trial", "ContextVariable", "Lease", "SafeItems", "ReadableStreamLike", "WritableStreamLike", "PerWorker", "Guard", "SingleFlight", "Latest"]);

test("each exported function that gives a promise is known as an operation", () => {
  const given = [...surface.matchAll(/^(?:export )?function (\w+?)(?:_\d)?(?:<.*>)?\(.*\): Promise<.*;$/gm)].map(([, name = ""]) => name);
  assert.deepEqual(given.filter((name) => !promising.has(name)), []);
  assert.ok(given.length > 20);
});

test("each method that gives a promise is known, by its class", () => {
  const missing = [...surface.matchAll(/^(?:export )?(?:abstract )?(?:class|interface) (\w+?)(?:_\d)?(?:<[^{]*>)?(?: extends [^{]*| implements [^{]*)? \{\n(.*?)^\}/gms)].flatMap(([, kind = "", body = ""]) => {
    const given = [...body.matchAll(/^ {4}(\w+)(?:<.*>)?\(.*\): Promise<.*;$/gm)].map(([, name = ""]) => name);
    return left.has(kind) ? [] : given.filter((name) => !methods[kind]?.includes(name)).map((name) => `${kind}.${name}`);
  });
  assert.deepEqual([...new Set(missing)], []);
});

test("each root says where its options are, and takes them there", () => {
  for (const [name, place] of roots) {
    const [, parameters = ""] = new RegExp(`^export function ${name}(?:<.*?>)?\\((.*)$`, "m").exec(surface) ?? [];
    const before = parameters.split(/,? ?options\?: /)[0] ?? "";
    const count = before === "" ? 0 : before.split(/, (?=\w+\??: )/).filter((one) => /^\w+\??: /.test(one)).length;
    assert.ok(parameters.includes("options?: "), name);
    assert.ok(count >= place, `${name}: ${before}`);
  }
});

test("what waits in a scope is among its methods", () => {
  assert.deepEqual([...waitsIn], [...(methods["Scope"] ?? [])]);
});
