/**
 * What a value is, in two or three words for a sentence: "a function onDone", "a Promise", "an instance of Session". It
 * never throws, whatever it is given.
 */
import { describe } from "../../errors/brand.ts";

const LONGEST_NAME = 80;

export function whatIs(value: unknown): string {
  try {
    if (typeof value === "function") return isClass(value) ? `a class ${nameOf(value)}`.trimEnd() : `a function ${nameOf(value)}`.trimEnd();
    if (typeof value === "symbol") return `a symbol, ${describe(value)}`;
    if (typeof value !== "object" || value === null) return `a ${typeof value}`;
    if (Array.isArray(value)) return "an array";
    const tag = tagOf(value);
    if (ArrayBuffer.isView(value) && tagOf(value.buffer) === "SharedArrayBuffer") return `${article(tag)} over a SharedArrayBuffer`;
    const Class: unknown = value.constructor;
    const name = typeof Class === "function" ? nameOf(Class) : "";
    // A class of the platform says so by its tag, and "a Promise" says more than "an instance of Promise".
    if (tag !== "Object") return article(name === "" ? tag : name);
    return name === "" || name === "Object" ? "an object" : `an instance of ${name}`;
  } catch {
    return "an object that cannot be read";
  }
}

/** The word of `Object.prototype.toString`: what it is to the platform, as far as nobody pretends. Throws for a revoked proxy. */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function article(noun: string): string {
  return `${/^[AEIO]|^U(?![SR]|int)|^SVG/.test(noun) ? "an" : "a"} ${noun}`;
}

function nameOf(value: object): string {
  const { name } = value as { name?: unknown };
  return typeof name === "string" ? name.slice(0, LONGEST_NAME) : "";
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
