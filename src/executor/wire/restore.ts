/**
 * Objects from the table of a failure, in two steps: first each is made empty, then filled, so that any may refer to any.
 */
import { firstOf } from "../../errors/suppressed.ts";
import { basePrototype } from "./classes.ts";
import type { EncodedError, EncodedFailure, EncodedNode, EncodedProperty, EncodedValue } from "./encoded.ts";

/** The prototype of a user's class for a node, where it could be had. */
export type Prototypes = ReadonlyMap<EncodedNode, object>;

/**
 * What was thrown. The failure has been checked: this throws for none that has.
 *
 * @param mark the line that is put below each stack, once
 */
export function restore({ thrown, nodes }: EncodedFailure, prototypes: Prototypes, mark: string | undefined): unknown {
  const made = nodes.map((node) => emptyOf(node, prototypes.get(node)));
  const valueOf = (value: EncodedValue): unknown => (typeof value === "object" && value !== null ? made[value.at] : value);
  for (const [at, node] of nodes.entries()) {
    fill(made[at], node, valueOf, mark);
    if (node.suppressed !== undefined && node.suppressed.length > 0) firstOf([made[at], ...node.suppressed.map(valueOf)]);
  }
  return valueOf(thrown);
}

type ValueOf = (value: EncodedValue) => unknown;

function emptyOf(node: EncodedNode, prototype: object | undefined): unknown {
  switch (node.kind) {
    case "error":
      return emptyError(node, prototype);
    case "object":
      return {};
    case "array":
      return [];
    case "set":
      return new Set();
    case "map":
      return new Map();
    case "date":
      return new Date(node.ms);
    case "regexp":
      return pattern(node.source, node.flags);
    case "binary":
      return node.bytes;
    case "lost":
      return node.what;
  }
}

/** A real error, of the slots that the runtime gives to errors, and of the class that it had. No constructor of a user runs. */
function emptyError({ base, message, name }: EncodedError, prototype: object | undefined): Error {
  if (base === "DOMException" && typeof DOMException === "function") {
    const error = new DOMException(message, name);
    return prototype === undefined ? error : (Object.setPrototypeOf(error, prototype) as Error);
  }
  return Object.setPrototypeOf(new Error(message === "" ? undefined : message), prototype ?? basePrototype(base)) as Error;
}

function fill(object: unknown, node: EncodedNode, valueOf: ValueOf, mark: string | undefined): void {
  switch (node.kind) {
    case "error":
      return fillError(object as Error, node, valueOf, mark);
    case "object":
      return define(object as object, node.own, valueOf, true);
    case "array":
      for (const item of node.items) (object as unknown[]).push(valueOf(item));
      return;
    case "set":
      for (const item of node.items) (object as Set<unknown>).add(valueOf(item));
      return;
    case "map":
      for (const [key, value] of node.entries) (object as Map<unknown, unknown>).set(valueOf(key), valueOf(value));
      break;
    default:
  }
}

function fillError(error: Error, node: EncodedError, valueOf: ValueOf, mark: string | undefined): void {
  define(error, node.hidden, valueOf, false);
  define(error, node.own, valueOf, true);
  keep(error, "name", node.name);
  keep(error, "message", node.message);
  set(error, "stack", marked(node.stack ?? `${node.name}: ${node.message}`, mark), false);
}

/** What the class says otherwise, or cannot say without its private members, the error says itself. */
function keep(error: Error, key: "name" | "message", value: string): void {
  let now: unknown;
  try {
    now = error[key];
  } catch {
    // A getter that reads a private member.
  }
  if (now !== value) set(error, key, value, false);
}

function define(object: object, properties: readonly EncodedProperty[], valueOf: ValueOf, enumerable: boolean): void {
  for (const [key, value] of properties) if (key !== "__proto__") set(object, key, valueOf(value), enumerable);
}

/** Defined, never assigned: a setter, or what a prototype says of the key, has no part in it. */
function set(object: object, key: string, value: unknown, enumerable: boolean): void {
  Reflect.defineProperty(object, key, { value, enumerable, writable: true, configurable: true });
}

function marked(stack: string, mark: string | undefined): string {
  return mark === undefined || stack.endsWith(mark) ? stack : `${stack}${mark}`;
}

/** A pattern that this runtime does not know, as text. */
function pattern(source: string, flags: string): RegExp | string {
  try {
    return new RegExp(source, flags);
  } catch {
    return `/${source}/${flags}`;
  }
}
