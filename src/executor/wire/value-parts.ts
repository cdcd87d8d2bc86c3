/** What a value consists of, as structured clone goes through it, with the words for where each part is. */
import { isError } from "./kind.ts";
import { tagOf } from "./what.ts";

export interface ValuePart {
  readonly value: unknown;
  /** A getter that threw. */
  readonly failure?: { readonly reason: unknown };
  /** Where it is in a container with this path. */
  readonly in: (path: string) => string;
}

const LONGEST_KEY = 60;

/**
 * The parts of what clone goes into: arrays, Maps, Sets, objects of no platform class, causes of errors. `undefined` for what
 * it takes or refuses as a whole. The parts are read as they are asked for. Throws for a revoked proxy.
 */
export function partsOf(value: object): Iterable<ValuePart> | undefined {
  if (isError(value)) return Object.hasOwn(value, "cause") ? properties(value, ["cause"]) : [];
  if (Array.isArray(value)) return items(value);
  switch (tagOf(value)) {
    case "Map":
      return entries(Map.prototype.entries.call(value));
    case "Set":
      return members(Set.prototype.values.call(value));
    case "Object":
      return properties(value, Object.keys(value));
    default:
      return undefined;
  }
}

function* items(array: readonly unknown[]): Generator<ValuePart> {
  for (let at = 0; at < array.length; at++) yield read(array, at, (path) => `${path}[${at}]`);
}

function* properties(object: object, keys: readonly string[]): Generator<ValuePart> {
  for (const key of keys) yield read(object, key, (path) => `${path}${/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${cut(key)}` : `[${JSON.stringify(cut(key))}]`}`);
}

function* entries(map: Iterable<[unknown, unknown]>): Generator<ValuePart> {
  let at = 0;
  for (const [key, value] of map) {
    const place = at++;
    yield { value: key, in: (path) => `[...${path}.keys()][${place}]` };
    yield { value, in: (path) => (isWord(key) ? `${path}.get(${wordOf(key)})` : `[...${path}.values()][${place}]`) };
  }
}

function* members(set: Iterable<unknown>): Generator<ValuePart> {
  let at = 0;
  for (const value of set) {
    const place = at++;
    yield { value, in: (path) => `[...${path}][${place}]` };
  }
}

function read(holder: object, key: string | number, where: (path: string) => string): ValuePart {
  try {
    return { value: (holder as Record<string | number, unknown>)[key], in: where };
  } catch (reason) {
    return { value: undefined, failure: { reason }, in: where };
  }
}

function isWord(key: unknown): key is string | number {
  return typeof key === "number" || (typeof key === "string" && key.length <= LONGEST_KEY);
}

function wordOf(key: string | number): string {
  return typeof key === "string" ? JSON.stringify(key) : String(key);
}

function cut(key: string): string {
  return key.length <= LONGEST_KEY ? key : `${key.slice(0, LONGEST_KEY)}…`;
}
