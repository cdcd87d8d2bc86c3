/** What becomes of values that do not simply go into the table of a failure. */
import { suppressed } from "../../errors/suppressed.ts";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { kindOf } from "./kind.ts";
import { whatIs } from "./what.ts";

/** What stands in the place of such a value. */
export function lost(value: unknown): string {
  return `[${whatIs(value)}, which cannot be sent]`;
}

/** The primitive in a Number, a String, a Boolean or a BigInt: nobody misses the box. */
export function unboxed(box: object): unknown {
  try {
    const inner: unknown = box.valueOf();
    return Object(inner) === inner ? lost(box) : inner;
  } catch {
    return lost(box);
  }
}

/** Whether it arrives as what it is, parts of it perhaps excepted. */
export function canBeSent(thrown: unknown, known: WeakSet<object>): boolean {
  if (typeof thrown === "function" || typeof thrown === "symbol") return false;
  return typeof thrown !== "object" || thrown === null || kindOf(thrown, known) !== undefined;
}

/** What is thrown on the other side in the place of such a value. */
export function unsendable(thrown: unknown): NotCloneableError {
  return new NotCloneableError("thrown", `What was thrown is ${whatIs(thrown)}, and cannot be sent to another thread or process. Throw an Error instead.`);
}

/** What else failed, where the property can be read and is what we made of it. */
export function suppressedOf(error: object): readonly unknown[] {
  try {
    const others: unknown = suppressed(error);
    return Array.isArray(others) ? others : [];
  } catch {
    return [];
  }
}
