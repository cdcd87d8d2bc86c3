/**
 * How an error of ours is recognised: by a registered symbol on its prototype, never by the identity of
 * its class, because two copies of the package in one program must recognise each other's errors.
 */

const BRAND: unique symbol = Symbol.for("espalier.error") as never;

type Brand = "cancelled" | "timeout" | "misuse" | "group" | "closed" | "exhausted" | "circuit" | "worker" | "uncloneable" | "cluster";

/** True for an error of that family, whichever copy of the package made it. */
export function hasBrand(value: unknown, brand: Brand): boolean {
  return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === brand;
}

/** The brand that a prototype has of its own, not by inheritance: only the classes that were stamped have one. */
export function ownBrand(prototype: object): string | undefined {
  const brand: unknown = Object.getOwnPropertyDescriptor(prototype, BRAND)?.value;
  return typeof brand === "string" ? brand : undefined;
}

/**
 * Marks `Class` and lets `instanceof Class` follow the mark. A user's subclass keeps the language's own
 * `instanceof`: it inherits this method, but is not the class that was marked.
 */
export function stamp(Class: abstract new (...args: never[]) => Error, name: string, brand: Brand): void {
  Object.defineProperties(Class.prototype, {
    [BRAND]: { value: brand },
    name: { value: name, writable: true, configurable: true },
  });
  Object.defineProperty(Class, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === Class
        ? hasBrand(value, brand)
        : Function.prototype[Symbol.hasInstance].call(this as never, value);
    },
  });
}

const LONGEST = 200;

/** A short, safe sentence part for any thrown or given value; never throws. */
export function describe(value: unknown): string {
  try {
    const text = value instanceof Error ? `${value.name}: ${value.message}` : String(value);
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  } catch {
    return "a value that cannot be printed";
  }
}
