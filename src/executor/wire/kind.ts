/**
 * As what a value goes into the table of a failure. Two rules beyond structured clone's:
 *
 *   1. An instance of a class goes along as a plain object, as structured clone has it, but only where all of it is
 *      data. A socket that hangs at an error would otherwise bring its whole machinery.
 *   2. An object of the platform that is none of those below (a Blob, a SharedArrayBuffer, a stream) is described: not
 *      every transport carries it, and some make an empty object of it without a word.
 */
import { tagOf } from "./what.ts";

export type Kind = "error" | "array" | "map" | "set" | "date" | "regexp" | "binary" | "boxed" | "object";

const BY_TAG: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["Map", "map"],
  ["Set", "set"],
  ["Date", "date"],
  ["RegExp", "regexp"],
  ["ArrayBuffer", "binary"],
  ["Number", "boxed"],
  ["String", "boxed"],
  ["Boolean", "boxed"],
  ["BigInt", "boxed"],
]);

/** The most objects that an instance of a class may consist of, to go along. */
const MOST_PARTS = 1_000;

/**
 * `undefined` for what does not go along. Never throws.
 *
 * @param known objects that have been looked through before, for rule 1; it adds to them
 */
export function kindOf(value: object, known: WeakSet<object>): Kind | undefined {
  try {
    const kind = shapeOf(value);
    return kind === "object" && !isPlain(value) && !isData(value, known) ? undefined : kind;
  } catch {
    return undefined;
  }
}

/** True for errors of every realm, and for what inherits from ours. */
export function isError(value: unknown): value is object {
  try {
    return typeof value === "object" && value !== null && (value instanceof Error || tagOf(value) === "Error");
  } catch {
    return false;
  }
}

function shapeOf(value: object): Kind | undefined {
  if (isError(value)) return "error";
  if (Array.isArray(value)) return "array";
  if (ArrayBuffer.isView(value)) return "binary";
  const tag = tagOf(value);
  return tag === "Object" ? "object" : BY_TAG.get(tag);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether nothing in it is a function or a machine of the platform. Looks at a bounded number of objects. */
function isData(instance: object, known: WeakSet<object>): boolean {
  const seen = new Set<object>([instance]);
  // A set is walked in order, and what is added meanwhile is walked too.
  for (const object of seen) {
    if (seen.size > MOST_PARTS) return false;
    if (known.has(object)) continue;
    const shape = shapeOf(object);
    if (shape === undefined) return false;
    if (shape !== "object" && shape !== "array") continue;
    for (const key of Object.keys(object)) {
      const part: unknown = (object as Record<string, unknown>)[key];
      if (typeof part === "function" || typeof part === "symbol") return false;
      if (typeof part === "object" && part !== null) seen.add(part);
    }
  }
  for (const object of seen) known.add(object);
  return true;
}
