import { seen } from "../../flow/arguments.ts";

/** Items as an array: as it is, if it is one. */
export function itemsOf<I>(items: Iterable<I>, call: string): readonly I[] {
  if (Array.isArray(items)) return items as readonly I[];
  if (typeof items !== "string" && typeof (items as Partial<Iterable<I>> | undefined | null)?.[Symbol.iterator] !== "function") {
    throw new TypeError(`${call} needs an array or another iterable of items, and got ${seen(items)}. Of an async iterable, collect the items first.`);
  }
  return [...items];
}
