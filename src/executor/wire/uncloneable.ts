/** Which part of a value cannot be cloned, and how to say so. All of it runs only after a clone has been refused. */
import { describe } from "../../errors/brand.ts";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { isError } from "./kind.ts";
import { partsOf, type ValuePart } from "./value-parts.ts";
import { whatIs } from "./what.ts";

/** A part of a value that cannot be sent. */
export interface Uncloneable {
  /** From the outside in: `input.handlers[2].onDone`. An item that no short key names: `[...input.tags][3]`. */
  readonly path: string;
  /** What it is, for a sentence: `"a function onDone"`. */
  readonly what: string;
}

/** Makes a copy, or throws where there is none: `structuredClone`, or `v8.serialize` for a process. */
export type Clone = (value: unknown) => unknown;

/**
 * The first part of `value` that `clone` refuses; `undefined` where it takes all of it. Instances of classes are not refused:
 * they are cloned as plain objects, without a word.
 *
 * *Guarantee.* Functions, symbols, getters that throw, and objects of the platform are found wherever they are. A Proxy looks
 * like what is behind it: it is found by its not being cloned, and where proxies and their contents refer to each other in a circle,
 * another object of the circle may be named. It never throws.
 *
 * *Cost.* One clone of the whole, then a walk through a bounded part of it; clones of more only to find a Proxy. Getters run
 * again.
 *
 * @param name what the value is called at the head of the path
 */
export function pathOfUncloneable(value: unknown, name = "value", clone: Clone = structuredClone): Uncloneable | undefined {
  const refusal = refused(value, clone);
  if (refusal === undefined) return undefined;
  try {
    return walk(value, name, clone) ?? descend(value, name, clone, refusal);
  } catch {
    return { path: name, what: whatIs(value) };
  }
}

/**
 * The error for a value that could not be sent.
 *
 * @param role what the value is to the work: it begins the path
 * @param cause what the attempt to send it threw
 */
export function notCloneable(value: unknown, role: "input" | "result" | (string & {}), workName: string, cause: unknown, clone?: Clone): NotCloneableError {
  const { path, what } = pathOfUncloneable(value, role, clone) ?? { path: role, what: `refused by the transport (${describe(cause)})` };
  const message = `The ${role} of the work "${workName}" cannot be sent to another thread or process: ${path} is ${what}. ${adviceFor(what)}`;
  return new NotCloneableError(path, message, cause === undefined ? undefined : { cause });
}

function adviceFor(what: string): string {
  return ADVICE.find(([pattern]) => pattern.test(what))?.[1] ?? "Send what it was made from, as plain data, and make it again on the other side.";
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^a function|^a class/, "Functions stay where they are: send data, or offer the function as a callback of the call."],
  [/^a symbol/, "Symbols mean something in one thread only: send a string."],
  [/^a Promise/, "Await it, and send what it gives."],
  [/^a getter/, "Send a copy with the values that are needed."],
  [/Proxy/, "Send what is behind it, or a copy of its data."],
  [/Port|Stream|Channel|Handle|Canvas/, "Some such objects can be moved, not copied: name it in the transfer list of the call, where there is one."],
  [/SharedArrayBuffer$/, "Processes share no memory: use threads, or send a copy."],
  [/too deep/, "Flatten it, or send it as text or bytes."],
];

/** Goes through all containers, each once, without cloning them: it finds everything but proxies. */
function walk(value: unknown, name: string, clone: Clone): Uncloneable | undefined {
  const entered = new Set<object>();
  const around: Around[] = [];
  const found = (what: string): Uncloneable => ({ path: around.reduce((path, { part }) => part?.in(path) ?? path, name), what });
  const enter = (object: unknown): string | undefined => {
    if (typeof object === "function" || typeof object === "symbol") return whatIs(object);
    if (typeof object !== "object" || object === null || entered.has(object)) return undefined;
    entered.add(object);
    const parts = partsOf(object);
    if (parts === undefined) return refused(object, clone) === undefined ? undefined : whatIs(object);
    // Not every runtime clones causes: what it leaves out, it does not refuse.
    if (isError(object) && refused(object, clone) === undefined) return undefined;
    around.push({ parts: parts[Symbol.iterator](), part: undefined });
    return undefined;
  };
  const top = enter(value);
  if (top !== undefined) return found(top);
  for (let looked = 0; around.length > 0 && looked < MOST_PARTS; looked++) {
    const here = around.at(-1)!;
    const next = here.parts.next();
    if (next.done === true) {
      around.pop();
      continue;
    }
    here.part = next.value;
    const { value: inner, failure } = next.value;
    const what = failure === undefined ? enter(inner) : `a getter that throws (${describe(failure.reason)})`;
    if (what !== undefined) return found(what);
  }
  return undefined;
}

/** A container, and which of its parts is being looked at. */
interface Around {
  readonly parts: Iterator<ValuePart>;
  part: ValuePart | undefined;
}

const MOST_PARTS = 1_000_000;
const MOST_LEVELS = 1_000;

/** From what is refused into the first of its parts that is refused too, as long as there is one. */
function descend(value: unknown, name: string, clone: Clone, refusal: Refusal): Uncloneable {
  if (isOverflow(refusal.reason)) return { path: name, what: "nested too deeply to be cloned" };
  const entered = new Set<unknown>();
  let at = { value, path: name };
  for (let level = 0; level < MOST_LEVELS; level++) {
    entered.add(at.value);
    const next = [...(partsOf(at.value as object) ?? [])].find((part) => !entered.has(part.value) && refused(part.value, clone) !== undefined);
    if (next === undefined) break;
    at = { value: next.value, path: next.in(at.path) };
  }
  return { path: at.path, what: proxied(at.value) };
}

/** What is refused although all that is in it can be cloned. */
function proxied(object: unknown): string {
  return `${whatIs(object)} behind a Proxy, or one that the platform keeps to itself`;
}

interface Refusal {
  readonly reason: unknown;
}

function refused(value: unknown, clone: Clone): Refusal | undefined {
  try {
    clone(value);
    return undefined;
  } catch (reason) {
    return { reason };
  }
}

/** The runtime clones recursively. */
function isOverflow(reason: unknown): boolean {
  return reason instanceof Error && (reason.name === "RangeError" || reason.name === "InternalError");
}
