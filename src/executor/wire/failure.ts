/** What was thrown, to another thread or process and from there: independent of how it gets there. */
import { describe } from "../../errors/brand.ts";
import { checkEncoded } from "./check-encoded.ts";
import type { ClassFinder } from "./classes.ts";
import type { EncodedFailure, EncodedNode } from "./encoded.ts";
import { Encoder } from "./encoder.ts";
import { restore } from "./restore.ts";
import { whatIs } from "./what.ts";

/**
 * Gives a class by the module that exports it, or a promise of it; `undefined` where there is none to be had. It decides
 * which modules may be imported: the url comes from the other side.
 */
export type ClassLoader = (url: string, name: string) => unknown;

/**
 * Anything that was thrown, as data that structured clone and `v8.serialize` take; {@link decodeFailure} makes it again.
 *
 * *Guarantee.* Errors keep class, name, message, stack, cause, `errors`, `suppressed()`, and their own enumerable
 * properties; objects that occur twice stay one, circles stay circles. A class of a user is found by `findClass`; else
 * the nearest known class takes its place. Data that was thrown arrives as data. A part that cannot be sent is replaced
 * by a few words about it, and where all of it is such a part, a {@link NotCloneableError} says so. Properties under
 * symbols, and private members, stay behind; what getters of a user's class give goes along where it is primitive.
 *
 * *Failure.* It never throws. Getters of the error run, each at most a few times.
 *
 * *Cost.* In proportion to what is sent, and that is bounded: about 4 Mi characters in all, 64 Ki for one text, 16 Ki for a
 * stack. Depth has no other bound.
 */
export function encodeFailure(error: unknown, findClass?: ClassFinder): EncodedFailure {
  try {
    return new Encoder(findClass).encode(error);
  } catch (problem) {
    const message = `What was thrown (${whatIs(error)}) could not be read: ${describe(problem)}`;
    return { version: 1, thrown: { at: 0 }, nodes: [{ kind: "error", base: "Error", name: "Error", message, own: [], hidden: [] }] };
  }
}

/**
 * What was thrown, from what {@link encodeFailure} made of it. Without `loadClass`, the nearest class of the platform or of the
 * library takes the place of a user's. `origin` says where it was thrown ("worker thread 3"): each stack has it in a last line.
 *
 * *Guarantee.* A promise of it where `loadClass` gives one (`instanceof Promise` tells), else the thing itself. An error of a user's class is a real error with the prototype
 * of that class; its constructor does not run, so private members are missing.
 *
 * *Failure.* It neither throws nor rejects. A class that cannot be had is replaced by the nearest known one. What is no
 * encoded failure gives an Error with the code `"MALFORMED_FAILURE"` that says what is wrong with it. Only `loadClass` is asked
 * for classes, no prototype is changed, and the work is bounded by the size of what arrived.
 */
export function decodeFailure(encoded: unknown, origin?: string, loadClass?: ClassLoader): unknown {
  const mark = origin === undefined ? undefined : `\n    at … [in ${origin}]`;
  let given: Given[];
  try {
    checkEncoded(encoded);
    given = loadClass === undefined ? [] : askFor(encoded, loadClass);
  } catch (problem) {
    return malformed(problem, origin);
  }
  const finish = (classes: readonly unknown[]): unknown => {
    try {
      return restore(encoded, prototypesOf(given, classes), mark);
    } catch (problem) {
      return malformed(problem, origin);
    }
  };
  const classes = given.map(({ answer }) => answer);
  return classes.some(isThenable) ? Promise.all(classes.map((answer) => settled(answer))).then(finish) : finish(classes);
}

interface Given {
  readonly nodes: EncodedNode[];
  readonly answer: unknown;
}

const MOST_CLASSES = 64;

/** Asks once for each class, and for a bounded number of them. */
function askFor({ nodes }: EncodedFailure, loadClass: ClassLoader): Given[] {
  const asked = new Map<string, Given>();
  for (const node of nodes) {
    if (node.kind !== "error" || node.class === undefined) continue;
    const { url, name } = node.class;
    const key = `${name} ${url}`;
    const known = asked.get(key);
    if (known !== undefined) known.nodes.push(node);
    else if (asked.size < MOST_CLASSES) asked.set(key, { nodes: [node], answer: attempt(() => loadClass(url, name)) });
  }
  return [...asked.values()];
}

function prototypesOf(given: readonly Given[], classes: readonly unknown[]): Map<EncodedNode, object> {
  const prototypes = new Map<EncodedNode, object>();
  for (const [at, { nodes }] of given.entries()) {
    const prototype = errorPrototype(classes[at]);
    if (prototype !== undefined) for (const node of nodes) prototypes.set(node, prototype);
  }
  return prototypes;
}

/** Of a class of errors only: what is no error in the end is nothing that anybody would catch as one. */
function errorPrototype(Class: unknown): object | undefined {
  return attempt(() => {
    const prototype: unknown = typeof Class === "function" ? Class.prototype : undefined;
    return prototype instanceof Error ? prototype : undefined;
  });
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

async function settled(answer: unknown): Promise<unknown> {
  try {
    return await answer;
  } catch {
    return undefined;
  }
}

function isThenable(value: unknown): boolean {
  return attempt(() => typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function") ?? false;
}

function malformed(problem: unknown, origin: string | undefined): Error {
  const text = problem instanceof Error ? problem.message : describe(problem);
  const from = origin === undefined ? "" : ` from ${origin}`;
  const message = `An error arrived${from} that cannot be read: ${text}. Is the other side of another version, or was it cut off?`;
  return Object.assign(new Error(message), { code: "MALFORMED_FAILURE" });
}
