/**
 * The outside of a message: whose it is, of which version, in what format, and its parts.
 *
 *   0xE5 │ protocol │ format │ length, bytes │ length, bytes │ …
 *
 * The parts are read one by one: what cannot be read in one does not harm the others.
 */
import { describe } from "../../../errors/brand.ts";
import { deserialize, serialize } from "../../processes/codec.ts";

/** Counted up when an old side would misread a new one. It is part of the subjects, too. */
export const PROTOCOL = 1;
/** Structured clone as bytes is a matter of the engine: those of V8 (Node.js, Deno) and of JavaScriptCore (Bun) do not read each other's. */
export const FORMAT: 1 | 2 = process.versions["bun"] === undefined ? 1 : 2;

const MAGIC = 0xe5;
const HEADER = 3;
const LENGTH = 4;

/** Why a message was not read. */
export type Fault = "foreign" | "protocol" | "format" | "malformed";

export class Unreadable extends Error {
  override readonly name = "Unreadable";
  readonly fault: Fault;

  constructor(fault: Fault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** What parts take beside their own length. */
export function overhead(parts: number): number {
  return HEADER + LENGTH * parts;
}

export function frame(parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((total, part) => total + part.byteLength, overhead(parts.length));
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set([MAGIC, PROTOCOL, FORMAT]);
  let at = HEADER;
  for (const part of parts) {
    view.setUint32(at, part.byteLength);
    bytes.set(part, at + LENGTH);
    at += LENGTH + part.byteLength;
  }
  return bytes;
}

/** The parts; throws Unreadable. */
export function unframe(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] !== MAGIC || bytes.byteLength < HEADER) throw new Unreadable("foreign", "it is no message of a cluster");
  if (bytes[1] !== PROTOCOL) throw new Unreadable("protocol", `it is of version ${bytes[1]} of the protocol, and this side speaks version ${PROTOCOL}`);
  if (bytes[2] !== FORMAT) throw new Unreadable("format", "it was written by another engine (Bun's and that of Node.js do not read each other's values)");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = HEADER; at < bytes.byteLength; ) {
    const end = at + LENGTH <= bytes.byteLength ? at + LENGTH + view.getUint32(at) : Infinity;
    if (end > bytes.byteLength) throw new Unreadable("malformed", "it ends within a part");
    parts.push(bytes.subarray(at + LENGTH, end));
    at = end;
  }
  if (parts.length === 0) throw new Unreadable("malformed", "there is nothing in it");
  return parts;
}

/** One part as a value; throws Unreadable. */
export function valueOf(part: Uint8Array): unknown {
  try {
    return deserialize(part);
  } catch (error) {
    throw new Unreadable("malformed", `a part of it is no value: ${describe(error)}`, { cause: error });
  }
}

/** Throws for what cannot be sent. */
export const partOf: (value: unknown) => Uint8Array = serialize;
