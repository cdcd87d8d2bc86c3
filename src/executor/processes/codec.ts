/**
 * How messages go to another process.
 *
 *   1. What is nothing but primitives goes as it is, and the channel copies it. All else is copied here first, into bytes: what a
 *      channel does with values that it cannot copy differs, and in Deno it is broken by them.
 *   2. A typed array arrives as an array of its own, not as a part of what was received.
 *   3. Memory that is shared is refused: a copy of it would be something else.
 */
import { deserialize as deserializePlain, Deserializer, serialize as serializePlain, Serializer } from "node:v8";
import type { Message } from "../wire/messages.ts";
import { partsOf } from "../wire/value-parts.ts";
import { whatIs } from "../wire/what.ts";

/** The kind of a message whose content is bytes. */
const BYTES = -1;
/** JavaScriptCore has a format of its own. */
const isV8 = process.versions["bun"] === undefined;

type View = new (buffer: ArrayBuffer, byteOffset?: number, length?: number) => ArrayBufferView;

/** Each is known by its place on both sides, whichever of them either has: new ones come last. A Buffer comes before what it inherits from. */
const NAMES = ["Buffer", "Uint8Array", "Uint8ClampedArray", "Int8Array", "Uint16Array", "Int16Array", "Float16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "DataView"];
/** `undefined` in the place of one that this runtime does not have. */
const VIEWS: readonly (View | undefined)[] = NAMES.map((name) => (name === "Buffer" ? Buffer : (globalThis as unknown as Record<string, View | undefined>)[name]));

class Writer extends Serializer {
  constructor() {
    super();
    // Documented, and not in the types.
    (this as unknown as { _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void })._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(object: object): void {
    const index = ArrayBuffer.isView(object) && !isShared(object) ? VIEWS.findIndex((Class) => Class !== undefined && object instanceof Class) : -1;
    if (index < 0) throw refusal(object);
    const { buffer, byteOffset, byteLength } = object as ArrayBufferView;
    this.writeUint32(index);
    this.writeUint32(byteLength);
    this.writeRawBytes(new Uint8Array(buffer, byteOffset, byteLength));
  }
}

class Reader extends Deserializer {
  _readHostObject(): ArrayBufferView {
    const index = this.readUint32();
    const Class = VIEWS[index];
    if (Class === undefined) throw new TypeError(`It holds a ${NAMES[index] ?? "kind of array"} that this runtime does not have. Run both sides on the same version of the runtime, or send another kind.`);
    const buffer = new Uint8Array(this.readRawBytes(this.readUint32())).buffer;
    return Class === (Buffer as unknown) ? Buffer.from(buffer) : new Class(buffer);
  }
}

/** A copy as bytes; throws for what has none. */
export function serialize(value: unknown): Uint8Array {
  if (!isV8) {
    refuseShared(value);
    return serializePlain(value);
  }
  const writer = new Writer();
  writer.writeHeader();
  writer.writeValue(value);
  return writer.releaseBuffer();
}

export function deserialize(bytes: Uint8Array): unknown {
  if (!isV8) return deserializePlain(bytes);
  const reader = new Reader(bytes);
  reader.readHeader();
  return reader.readValue();
}

/** What a channel may be given; throws for what cannot be sent. */
export function encode(message: Message): Message {
  return message.every(isPrimitive) ? message : [BYTES, serialize(message)];
}

/** `undefined` for what was not sent by us. */
export function decode(received: unknown): Message | undefined {
  if (!Array.isArray(received) || typeof received[0] !== "number") return undefined;
  return (received[0] === BYTES ? deserialize(received[1] as Uint8Array) : received) as Message;
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol") || value === null;
}

function isShared(value: object): boolean {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  return typeof SharedArrayBuffer === "function" && buffer instanceof SharedArrayBuffer;
}

/** For a runtime that makes a copy of it without a word. */
function refuseShared(value: unknown): void {
  const seen = new Set<unknown>([value]);
  for (const object of seen) {
    if (typeof object !== "object" || object === null) continue;
    if (isShared(object)) throw refusal(object);
    for (const { value: part } of partsOf(object) ?? []) if (!isPrimitive(part)) seen.add(part);
  }
}

function refusal(object: object): DOMException {
  return new DOMException(`${whatIs(object)} could not be cloned.`, "DataCloneError");
}
