/**
 * Whether what arrived is a failure as the encoder makes them. The other side may be a process that crashed while it wrote,
 * another version, or somebody in the network: nothing is taken for granted, and what passes can be built without a thought.
 *
 * It bounds the work by {@link MOST_READ}; how large a message may be that is read at all is the transport's matter.
 */
import { type EncodedFailure, MOST_READ } from "./encoded.ts";
import { tagOf, whatIs } from "./what.ts";

/** Throws an Error that says what is wrong, and where. */
export function checkEncoded(input: unknown): asserts input is EncodedFailure {
  const { version, thrown, nodes } = recordOf(input, "the failure");
  if (version !== 1) throw new Error(`its version is ${typeof version === "number" ? version : whatIs(version)}, not 1`);
  if (!Array.isArray(nodes) || nodes.length > MOST_READ) throw new Error(`it has no list of at most ${MOST_READ} objects`);
  const check = new Check(nodes.length);
  check.value(thrown, "thrown");
  for (const [at, node] of nodes.entries()) check.node(node, `nodes[${at}]`);
}

type Fields = Readonly<Record<string, unknown>>;

class Check {
  readonly #places: number;
  #left = MOST_READ;

  constructor(places: number) {
    this.#places = places;
  }

  node(input: unknown, where: string): void {
    const node = recordOf(input, where);
    if (node["suppressed"] !== undefined) this.#values(node["suppressed"], `${where}.suppressed`);
    switch (node["kind"]) {
      case "error":
        return this.#error(node, where);
      case "object":
        return this.#properties(node["own"], `${where}.own`);
      case "array":
      case "set":
        return this.#values(node["items"], `${where}.items`);
      case "map":
        for (const [at, entry] of this.#list(node["entries"], `${where}.entries`).entries()) this.#values(entry, `${where}.entries[${at}]`, 2);
        return;
      case "date":
        return ofType(node, "ms", "number", where);
      case "regexp":
        ofType(node, "source", "string", where);
        return ofType(node, "flags", "string", where);
      case "binary":
        if (!isBinary(node["bytes"])) throw new Error(`${where}.bytes is ${whatIs(node["bytes"])}`);
        return;
      case "lost":
        return ofType(node, "what", "string", where);
      default:
        throw new Error(`${where} is of no known kind`);
    }
  }

  #error(node: Fields, where: string): void {
    for (const key of ["base", "name", "message"]) ofType(node, key, "string", where);
    if (node["stack"] !== undefined) ofType(node, "stack", "string", where);
    if (node["class"] !== undefined) {
      const exported = recordOf(node["class"], `${where}.class`);
      for (const key of ["url", "name"]) ofType(exported, key, "string", `${where}.class`);
    }
    this.#properties(node["own"], `${where}.own`);
    this.#properties(node["hidden"], `${where}.hidden`);
  }

  #properties(input: unknown, where: string): void {
    for (const [at, property] of this.#list(input, where).entries()) {
      if (!Array.isArray(property) || property.length !== 2 || typeof property[0] !== "string") throw new Error(`${where}[${at}] is no property`);
      this.value(property[1], `${where}[${at}]`);
    }
  }

  #values(input: unknown, where: string, length?: number): void {
    const list = this.#list(input, where);
    if (length !== undefined && list.length !== length) throw new Error(`${where} has ${list.length} values, not ${length}`);
    for (const [at, value] of list.entries()) this.value(value, `${where}[${at}]`);
  }

  /** Counted before anybody goes through it: a list may claim any length. */
  #list(input: unknown, where: string): unknown[] {
    if (!Array.isArray(input)) throw new Error(`${where} is no list`);
    this.#left -= input.length;
    if (this.#left < 0) throw new Error(`${where} makes it more than ${MOST_READ} values`);
    return input;
  }

  value(input: unknown, where: string): void {
    if (typeof input === "function" || typeof input === "symbol") throw new Error(`${where} is ${whatIs(input)}`);
    if (typeof input !== "object" || input === null) return;
    const at: unknown = Object.hasOwn(input, "at") ? (input as { at: unknown }).at : undefined;
    if (typeof at !== "number" || !Number.isInteger(at) || at < 0 || at >= this.#places) throw new Error(`${where} refers to an object that is not there`);
  }
}

/** The own fields only: what a prototype says does not count. */
function recordOf(input: unknown, where: string): Fields {
  if (typeof input !== "object" || input === null || Array.isArray(input)) throw new Error(`${where} is ${whatIs(input)}`);
  return Object.assign(Object.create(null) as Record<string, unknown>, input);
}

/** Of every realm: messages may be made in another than their reader's. */
function isBinary(value: unknown): boolean {
  return ArrayBuffer.isView(value) || (typeof value === "object" && value !== null && tagOf(value) === "ArrayBuffer");
}

function ofType(fields: Fields, key: string, type: string, where: string): void {
  if (typeof fields[key] !== type) throw new Error(`${where}.${key} is ${whatIs(fields[key])}, not a ${type}`);
}
