/**
 * What an error consists of, read so that nothing in it can throw at the reader: a property that cannot be read is given
 * as a sentence about it.
 */
import { describe } from "../../errors/brand.ts";
import type { Lineage } from "./classes.ts";

export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly own: readonly [key: string, value: unknown][];
  readonly hidden: readonly [key: string, value: unknown][];
}

/** Own properties of errors that the language, or a habit, keeps out of loops. */
const HIDDEN = ["cause", "errors", "error", "suppressed", "code"];
/** Message and stack have a place of their own; `constructor` is the class, which has one too. */
const APART: ReadonlySet<string> = new Set(["message", "stack", "constructor"]);
const MOST_PROPERTIES = 1_000;
const LONGEST_KEY = 200;

export function partsOf(error: object, lineage: Lineage): ErrorParts {
  const own = keysOf(error).filter((key) => !APART.has(key)).map((key): [string, unknown] => [key, read(error, key)]);
  const taken = new Set(own.map(([key]) => key));
  const hidden = HIDDEN.filter((key) => !taken.has(key) && has(error, key)).map((key): [string, unknown] => [key, read(error, key)]);
  for (const [key] of hidden) taken.add(key);
  for (const [key, value] of inherited(error, lineage)) {
    if (taken.has(key) || APART.has(key) || key === "name") continue;
    taken.add(key);
    hidden.push([key, value]);
  }
  const stack = read(error, "stack");
  return { name: text(read(error, "name")), message: text(read(error, "message")), stack: typeof stack === "string" ? stack : undefined, own, hidden };
}

/** The enumerable own keys of an object: as many as go along, and never `__proto__`, which would be more than a property. */
export function keysOf(object: object): string[] {
  try {
    return Object.keys(object).filter((key) => key !== "__proto__" && key.length <= LONGEST_KEY).slice(0, MOST_PROPERTIES);
  } catch {
    return [];
  }
}

/** A property, or what came of the attempt to read it. */
export function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch (error) {
    return `[a getter that throws: ${describe(error)}]`;
  }
}

/**
 * Primitives that the error has from its classes. From a class that will be there only what getters give, for these may
 * read private members, which only its constructor makes. From one that will not be there everything.
 */
function* inherited(error: object, { missing, restored }: Lineage): Generator<[key: string, value: unknown]> {
  for (const prototype of [...missing, ...restored]) {
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype)).slice(0, MOST_PROPERTIES)) {
      if (property.get === undefined && (restored.includes(prototype) || !isPrimitive(property.value))) continue;
      const value = property.get === undefined ? property.value : attempt(property.get, error);
      if (isPrimitive(value)) yield [key, value];
    }
  }
}

/** What a getter gives, or an object where it throws. */
function attempt(get: () => unknown, error: object): unknown {
  try {
    return get.call(error);
  } catch {
    return error;
  }
}

function has(error: object, key: string): boolean {
  try {
    return Object.hasOwn(error, key);
  } catch {
    return false;
  }
}

function isPrimitive(value: unknown): boolean {
  return Object(value) !== value && typeof value !== "symbol";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : describe(value);
}
