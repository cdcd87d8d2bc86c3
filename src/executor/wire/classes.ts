/**
 * Which class an error is of, in words that the other side understands.
 *
 * Platform and library classes are known to both sides by name. A user's class is known where a module exports it.
 * For any other, the nearest class above that is known takes its place, and the error keeps its name.
 */
import { ownBrand } from "../../errors/brand.ts";
import { CancelledError } from "../../errors/cancelled.ts";
import { ClosedError } from "../../errors/closed.ts";
import { TaskGroupError } from "../../errors/group.ts";
import { MisuseError } from "../../errors/misuse.ts";
import { TimeoutError } from "../../errors/timeout.ts";
import { CircuitOpenError } from "../../flow/circuit-open-error.ts";
import { PoolExhaustedError } from "../../sync/pool/exhausted.ts";
import { ClusterError } from "../cluster-error.ts";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { WorkerDiedError } from "../worker-died-error.ts";
import type { ExportedClass } from "./encoded.ts";

/** Tells from where a class can be imported, or `undefined`. Asked with the `constructor` of a prototype. */
export type ClassFinder = (Class: object) => ExportedClass | undefined;

const OWN = [CancelledError, TimeoutError, TaskGroupError, MisuseError, ClosedError, PoolExhaustedError, CircuitOpenError, NotCloneableError, WorkerDiedError, ClusterError];
const PLATFORM = ["EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError", "SuppressedError", "DOMException", "Error"];
const WEB_ASSEMBLY = ["CompileError", "LinkError", "RuntimeError"];

/** Prototypes by the name under which both sides know them. What the platform lacks is not in it. */
const prototypes: ReadonlyMap<string, object> = new Map([
  ...named(globalThis, PLATFORM, ""),
  ...named((globalThis as { WebAssembly?: object }).WebAssembly, WEB_ASSEMBLY, "WebAssembly."),
  ...OWN.map(({ prototype }) => [`espalier:${ownBrand(prototype)}`, prototype] as const),
]);
const names: ReadonlyMap<object, string> = new Map([...prototypes].map(([name, prototype]) => [prototype, name]));

function named(holder: object | undefined, list: readonly string[], prefix: string): [string, object][] {
  return list.flatMap((name) => {
    const Class = (holder as Record<string, { prototype: object } | undefined> | undefined)?.[name];
    return Class === undefined ? [] : [[`${prefix}${name}`, Class.prototype]];
  });
}

/** The prototype that both sides know by this name; that of Error, where this side does not know it. */
export function basePrototype(base: string): object {
  return prototypes.get(base) ?? Error.prototype;
}

/** What the other side has to know of an error's class. */
export interface Lineage {
  readonly base: string;
  readonly class: ExportedClass | undefined;
  /** The prototypes of classes that will not be there: their properties have to go along. */
  readonly missing: readonly object[];
  /** Those of users' classes that will be there, but without what their constructors made: values of getters go along. */
  readonly restored: readonly object[];
}

const LONGEST_CHAIN = 64;

/** Follows the prototypes of an error up to the first that both sides know. One that does not let itself be asked is an Error. */
export function lineageOf(error: object, findClass: ClassFinder | undefined): Lineage {
  try {
    return follow(error, findClass);
  } catch {
    return { base: "Error", class: undefined, missing: [], restored: [] };
  }
}

function follow(error: object, findClass: ClassFinder | undefined): Lineage {
  const missing: object[] = [];
  const restored: object[] = [];
  let found: ExportedClass | undefined;
  let at = Object.getPrototypeOf(error) as object | null;
  for (; at !== null && missing.length + restored.length < LONGEST_CHAIN; at = Object.getPrototypeOf(at) as object | null) {
    const base = baseName(at);
    if (base !== undefined) return { base, class: found, missing, restored };
    found ??= exported(at, findClass);
    (found === undefined ? missing : restored).push(at);
  }
  const foreign = [...missing, ...restored].map(foreignName).find((name) => name !== undefined);
  return { base: foreign ?? "Error", class: found, missing, restored };
}

function baseName(prototype: object): string | undefined {
  const known = names.get(prototype);
  if (known !== undefined) return known;
  // One of ours from another copy of the package.
  const brand = ownBrand(prototype);
  return brand !== undefined && prototypes.has(`espalier:${brand}`) ? `espalier:${brand}` : undefined;
}

/** In an error of another realm (a vm context, a frame) the platform's classes are others, by the same names. */
function foreignName(prototype: object): string | undefined {
  const name: unknown = Object.getOwnPropertyDescriptor(prototype, "name")?.value;
  return typeof name === "string" && prototypes.has(name) ? name : undefined;
}

function exported(prototype: object, findClass: ClassFinder | undefined): ExportedClass | undefined {
  const Class: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  if (findClass === undefined || typeof Class !== "function" || Class.prototype !== prototype) return undefined;
  try {
    const { url, name } = findClass(Class) ?? {};
    return url === undefined || name === undefined ? undefined : { url, name };
  } catch {
    return undefined;
  }
}

/**
 * A {@link ClassFinder} for modules that are there: their namespaces by their urls. It looks through them each time, so
 * that the map may grow; errors are rare.
 */
export function findIn(modules: ReadonlyMap<string, object>): ClassFinder {
  return (Class) => {
    for (const [url, namespace] of modules) {
      for (const name of Object.keys(namespace)) {
        if (valueOf(namespace, name) === Class) return { url, name };
      }
    }
    return undefined;
  };
}

/** An export that has not been initialised yet throws when it is read. */
function valueOf(namespace: object, name: string): unknown {
  try {
    return (namespace as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
