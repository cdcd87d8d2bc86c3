import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deserialize, serialize } from "node:v8";
import { CancelledError } from "../../errors/cancelled.ts";
import { TaskGroupError } from "../../errors/group.ts";
import { firstOf } from "../../errors/suppressed.ts";
import { decodeFailure, encodeFailure } from "./failure.ts";

/** mulberry32: the same numbers for the same seed, everywhere. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** As long as its sender says. */
const endless = Object.assign([], { length: 2 ** 31 });

class Own extends Error {}
const exported = { url: "file:///own.js", name: "Own" };

function sample(): unknown {
  const cancelled = new CancelledError("sibling", "task", new Own("failed"));
  const shared = { when: new Date(5), pattern: /a+/gi, bytes: new Uint8Array([1, 2]), map: new Map<unknown, unknown>([["a", [1, 2n]], [{}, new Set([null, undefined])]]) };
  const error = Object.assign(new TaskGroupError([cancelled, firstOf([new TypeError("a"), new DOMException("b", "DataCloneError")])]), { shared, again: shared });
  return encodeFailure(error, (Class) => (Class === Own ? exported : undefined));
}

type Holder = Record<string, unknown>;

/** Every place in a value: its holder and key. */
function placesOf(root: unknown): [holder: Holder, key: string][] {
  const places: [Holder, string][] = [];
  const open = new Set([root]);
  for (const at of open) {
    if (typeof at !== "object" || at === null || ArrayBuffer.isView(at)) continue;
    for (const key of Object.keys(at)) {
      places.push([at as Holder, key]);
      open.add((at as Holder)[key]);
    }
  }
  return places;
}

function hostileValue(pick: (below: number) => number, places: [Holder, string][]): unknown {
  const [holder, key] = places[pick(places.length)]!;
  const values: (() => unknown)[] = [
    () => undefined,
    () => null,
    () => pick(100) - 50,
    () => NaN,
    () => 2 ** 53,
    () => "__proto__",
    () => "error",
    () => ["object", "array", "set", "map", "date", "regexp", "binary", "lost", "error"][pick(9)],
    () => "(",
    () => 5n,
    () => ({}),
    () => [],
    () => endless,
    () => ({ at: pick(20) }),
    () => ({ at: -1 }),
    () => ({ at: 0.5 }),
    () => ({ at: "0" }),
    () => ["__proto__", { at: 0 }],
    () => ["constructor", "x"],
    () => ["then", null],
    () => JSON.parse(`{ "__proto__": { "polluted": 1 }, "at": 0, "kind": "object", "own": [["__proto__", 1]] }`),
    () => ({ base: "espalier:cancelled", kind: "error", name: "x", message: "y", own: [["__proto__", { at: 0 }], ["prototype", 1]], hidden: [] }),
    () => new Map([[1, 2]]),
    () => new Uint8Array(3),
    () => holder[key],
    () => holder,
  ];
  return values[pick(values.length)]!();
}

function mutate(encoded: unknown, pick: (below: number) => number): void {
  const places = placesOf(encoded);
  const [holder, key] = places[pick(places.length)]!;
  switch (pick(4)) {
    case 0:
      delete holder[key];
      break;
    case 1:
      if (Array.isArray(holder)) holder.splice(pick(holder.length), pick(2), hostileValue(pick, places));
      else holder[["at", "kind", "own", "class", "suppressed", "then"][pick(6)]!] = hostileValue(pick, places);
      break;
    case 2: {
      const value = holder[key];
      if (typeof value === "number") holder[key] = pick(12);
      else if (typeof value === "string" && key !== "kind") holder[key] = ["", "__proto__", "stack", "espalier:group", "DOMException"][pick(5)];
      break;
    }
    default:
      holder[key] = hostileValue(pick, places);
  }
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype, Error.prototype, CancelledError.prototype, Map.prototype, Own.prototype];
const shapes = (): string => JSON.stringify(prototypes.map((one) => Reflect.ownKeys(one).map(String)));

describe("decodeFailure(): what is no encoded failure", () => {
  test("any mutation gives an error or a value, never throws, and changes no prototype", async () => {
    const before = shapes();
    const outcomes = { malformed: 0, read: 0 };
    for (let seed = 1; seed <= 6_000; seed++) {
      const pick = numbers(seed);
      const encoded = structuredClone(sample());
      for (let changes = 1 + pick(2); changes > 0; changes--) mutate(encoded, pick);
      try {
        const decoded = decodeFailure(encoded, "somewhere", (url, name) => {
          assert.deepEqual([typeof url, typeof name], ["string", "string"]);
          return pick(2) === 0 ? Own : Promise.resolve(Own);
        });
        const error = decoded instanceof Promise ? ((await decoded) as unknown) : decoded;
        outcomes[(error as { code?: unknown } | null | undefined)?.code === "MALFORMED_FAILURE" ? "malformed" : "read"]++;
        // Whatever came out can be sent on.
        serialize(encodeFailure(error));
      } catch (problem) {
        throw new Error(`seed ${seed}`, { cause: problem });
      }
    }
    assert.equal(shapes(), before);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    assert.ok(outcomes.malformed > 1_000 && outcomes.read > 1_000, JSON.stringify(outcomes));
  });

  test("bytes that changed on the way, as far as they can be read at all, give an error or a value", () => {
    const bytes = serialize(sample());
    for (let seed = 1; seed <= 3_000; seed++) {
      const pick = numbers(seed);
      const changed = Buffer.from(bytes);
      for (let changes = 1 + pick(3); changes > 0; changes--) changed[pick(changed.length)] = pick(256);
      let input: unknown;
      try {
        input = deserialize(changed);
      } catch {
        continue;
      }
      encodeFailure(decodeFailure(input));
    }
  });

  const malformed = {
    nothing: undefined,
    "a text": "error",
    "an empty object": {},
    "another version": { version: 2, thrown: null, nodes: [] },
    "a place that is not there": { version: 1, thrown: { at: 0 }, nodes: [] },
    "a list of any length": { version: 1, thrown: { at: 0 }, nodes: [{ kind: "array", items: endless }] },
    "nodes of any number": { version: 1, thrown: null, nodes: endless },
    "an unknown kind": { version: 1, thrown: { at: 0 }, nodes: [{ kind: "function" }] },
    "a function": { version: 1, thrown: () => {}, nodes: [] },
    "a proxy that throws": new Proxy({}, { get: () => assert.fail("no"), ownKeys: () => assert.fail("no") }),
  };
  for (const [what, input] of Object.entries(malformed)) {
    test(`${what} gives an error that says from where, and what is wrong`, () => {
      const error = decodeFailure(input, "process 7") as Error & { code: string };
      assert.equal(error.code, "MALFORMED_FAILURE");
      assert.match(error.message, /^An error arrived from process 7 that cannot be read: .+\. Is the other side of another version, or was it cut off\?$/);
    });
  }

  test("a pattern that this runtime does not know arrives as text", () => {
    const encoded = { version: 1, thrown: { at: 0 }, nodes: [{ kind: "regexp", source: "(", flags: "g" }] };
    assert.equal(decodeFailure(encoded), "/(/g");
  });

  test("no more than so many classes are asked for", () => {
    let asked = 0;
    const nodes = Array.from({ length: 500 }, (_, at) => ({ kind: "error", base: "Error", class: { url: "u", name: `C${at}` }, name: "E", message: "", own: [], hidden: [] }));
    decodeFailure({ version: 1, thrown: { at: 0 }, nodes }, undefined, () => void asked++);
    assert.equal(asked, 64);
  });
});
