import { Unreadable, valueOf } from "../wire/frame.ts";
import { type CallPart, callPart, type PartElsewhere, partElsewhere } from "../wire/messages.ts";

/** A call as it has come: it, or where it lies. Throws Unreadable. */
export function callIn(part: Uint8Array): CallPart | PartElsewhere {
  const value = valueOf(part);
  if (callPart(value) || partElsewhere(value)) return value;
  throw new Unreadable("malformed", "a part of it is no call");
}
