/**
 * Makes the table of a failure. It promises:
 *
 *   1. What it gives can be cloned, whatever was thrown.
 *   2. Outer things come before inner ones: where a failure is too large, what is left out lies deepest.
 *   3. Nothing is entered twice, and nothing recursively.
 */
import { type ClassFinder, lineageOf } from "./classes.ts";
import { type EncodedData, type EncodedError, type EncodedFailure, type EncodedNode, type EncodedPlace, type EncodedProperty, type EncodedValue, LONGEST_STACK, LONGEST_TEXT, MOST_WEIGHT } from "./encoded.ts";
import { keysOf, partsOf, read } from "./error-parts.ts";
import { type Kind, kindOf } from "./kind.ts";
import { canBeSent, lost, suppressedOf, unboxed, unsendable } from "./sendable.ts";
import { tagOf, whatIs } from "./what.ts";

/** For one failure. {@link encodeFailure} says what it does. */
export class Encoder {
  readonly #findClass: ClassFinder | undefined;
  readonly #nodes: EncodedNode[] = [];
  readonly #objects: { readonly object: object; readonly kind: Stored }[] = [];
  readonly #places = new Map<object, EncodedPlace>();
  readonly #known = new WeakSet<object>();
  #left = MOST_WEIGHT;

  constructor(findClass: ClassFinder | undefined) {
    this.#findClass = findClass;
  }

  encode(error: unknown): EncodedFailure {
    const thrown = this.#value(canBeSent(error, this.#known) ? error : unsendable(error));
    // What a node refers to is appended: outer things come first.
    for (let at = 0; at < this.#objects.length; at++) {
      const { object, kind } = this.#objects[at]!;
      this.#nodes.push(this.#node(object, kind));
    }
    // It only pretended to be data.
    if (this.#nodes[0]?.kind === "lost") throw unsendable(error);
    return { version: 1, thrown, nodes: this.#nodes };
  }

  #value(value: unknown): EncodedValue {
    this.#left -= 8;
    switch (typeof value) {
      case "string":
        return this.#text(value, LONGEST_TEXT);
      case "bigint":
        return BigInt.asIntN(256, value) === value ? value : lost(value);
      case "symbol":
      case "function":
        return lost(value);
      case "object":
        return value === null ? null : this.#place(value);
      default:
        return value as number | boolean | undefined;
    }
  }

  #place(object: object): EncodedValue {
    const known = this.#places.get(object);
    if (known !== undefined) return known;
    if (this.#left <= 0) return `[${whatIs(object)}, left out: the error is too large]`;
    const kind = kindOf(object, this.#known);
    if (kind === undefined) return lost(object);
    if (kind === "boxed") return this.#value(unboxed(object));
    this.#left -= kind === "error" ? ERROR_WEIGHT : NODE_WEIGHT;
    const place = { at: this.#objects.push({ object, kind }) - 1 };
    this.#places.set(object, place);
    return place;
  }

  #node(object: object, kind: Stored): EncodedNode {
    try {
      const node = kind === "error" ? this.#error(object) : this.#data(object, kind);
      const others = suppressedOf(object);
      return others.length > 0 ? { ...node, suppressed: this.#items(others) } : node;
    } catch {
      return { kind: "lost", what: lost(object) };
    }
  }

  #error(error: object): EncodedError {
    const lineage = lineageOf(error, this.#findClass);
    const { name, message, stack, own, hidden } = partsOf(error, lineage);
    return {
      kind: "error",
      base: lineage.base,
      class: lineage.class,
      name: this.#text(name, LONGEST_TEXT),
      message: this.#text(message, LONGEST_TEXT),
      stack: stack === undefined ? undefined : this.#text(stack, LONGEST_STACK),
      // Hidden ones first: there are few, and causes are among them.
      hidden: this.#properties(hidden),
      own: this.#properties(own),
    };
  }

  #data(object: object, kind: Exclude<Stored, "error">): EncodedData {
    switch (kind) {
      case "array":
        return { kind, items: this.#items(object as unknown[]) };
      case "set":
        return { kind, items: this.#items([...Set.prototype.values.call(object)]) };
      case "map":
        return { kind, entries: this.#entries(object as Map<unknown, unknown>) };
      case "date":
        return { kind, ms: Date.prototype.getTime.call(object) };
      case "regexp":
        return { kind, source: sourceOf.call(object), flags: flagsOf.call(object) };
      case "binary":
        return this.#binary(object as ArrayBuffer | ArrayBufferView);
      case "object":
        return { kind, own: this.#properties(keysOf(object).map((key) => [key, read(object, key)])) };
    }
  }

  #properties(all: readonly (readonly [key: string, value: unknown])[]): EncodedProperty[] {
    const sent: EncodedProperty[] = [];
    for (const [key, value] of all) {
      if (this.#left <= 0) break;
      this.#left -= key.length;
      sent.push([key, this.#value(value)]);
    }
    return sent;
  }

  #items(all: readonly unknown[]): EncodedValue[] {
    const sent: EncodedValue[] = [];
    while (sent.length < all.length && this.#left > 0) sent.push(this.#value(all[sent.length]));
    if (sent.length < all.length) sent.push(`[and ${all.length - sent.length} more, left out: the error is too large]`);
    return sent;
  }

  #entries(map: Map<unknown, unknown>): [EncodedValue, EncodedValue][] {
    const sent: [EncodedValue, EncodedValue][] = [];
    for (const [key, value] of Map.prototype.entries.call(map)) {
      if (this.#left <= 0) break;
      sent.push([this.#value(key), this.#value(value)]);
    }
    return sent;
  }

  /** A copy of what it shows, never of the memory around: a Buffer lies in a pool beside other people's bytes. */
  #binary(binary: ArrayBuffer | ArrayBufferView): EncodedData {
    const tooLarge = { kind: "lost", what: `[${whatIs(binary)}, left out: the error is too large]` } as const;
    if (binary.byteLength > this.#left) return tooLarge;
    const copy = ArrayBuffer.isView(binary)
      ? new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength).slice().buffer
      : ArrayBuffer.prototype.slice.call(binary, 0);
    if (copy.byteLength > this.#left) return tooLarge;
    this.#left -= copy.byteLength;
    if (!ArrayBuffer.isView(binary)) return { kind: "binary", bytes: copy };
    const View = (globalThis as unknown as Record<string, new (memory: ArrayBuffer) => ArrayBufferView>)[tagOf(binary)]!;
    return { kind: "binary", bytes: new View(copy) };
  }

  /** Cut where it is longer than that, or than what there is room for; a short one is never cut. */
  #text(text: string, longest: number): string {
    const most = Math.max(SHORT, Math.min(longest, this.#left));
    this.#left -= Math.min(text.length, most);
    return text.length <= most ? text : `${text.slice(0, most)}…`;
  }
}

/** A text as long as this is never cut: each error has it for its name, message and stack. */
const SHORT = 150;
const NODE_WEIGHT = 64;
const ERROR_WEIGHT = 512;

/** By the platform's own getters, which refuse what only pretends to be one. */
const sourceOf = Object.getOwnPropertyDescriptor(RegExp.prototype, "source")!.get as () => string;
const flagsOf = Object.getOwnPropertyDescriptor(RegExp.prototype, "flags")!.get as () => string;

type Stored = Exclude<Kind, "boxed">;
