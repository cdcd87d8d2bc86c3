/**
 * What can be run elsewhere: a function that knows the module that exports it, and its name there.
 *
 * Nothing of a function but these two is ever sent, and a worker runs nothing that was not declared so.
 */
import { MisuseError } from "../errors/misuse.ts";
import type { Scope } from "../task/capabilities.ts";
import { type Declaration, DECLARATION, type Work, type WorkScope } from "./contract.ts";
import { inPlace } from "./in-place.ts";
import { hasWorks } from "./modules.ts";

/**
 * A work that was declared from a function of type `F`: it is called in place as that is, but that any scope will do. Its input is
 * the function's first parameter, if it has one.
 */
export type DeclaredWork<F extends (input: never, scope: WorkScope) => unknown> = Work<Parameters<F> extends [] ? void : Parameters<F>[0], ReturnType<F>> &
  (Parameters<F> extends [infer I, WorkScope] ? (input: I, scope: Scope) => ReturnType<F> : (...args: Parameters<F>) => ReturnType<F>);

/** How a work is declared. */
export interface WorkOptions {
  /** At most so many of it run at a time in one pool; the others wait while other works pass them. */
  concurrency?: number | undefined;
  /** On a cluster: only workers that declare the same version run it. To be changed with what it takes, gives or means. */
  version?: string | undefined;
  /** On a durable cluster: the completion of each call is recorded, so that one that is done is not done again because its worker died before it could say so. */
  once?: boolean | undefined;
}

/**
 * Declares a function that executors can run, as the export `name` of its module.
 *
 * It takes one input and, last, a {@link WorkScope}; both go and come as structured clones. Called in place it is the function itself. The export
 * must have that very name: a worker takes it from there, and refuses anything else with MisuseError `"NOT_DECLARED"`.
 *
 * @example
 * ```ts
 * import { work } from "espalier/executor";
 *
 * export const countWords = work(import.meta, "countWords", (text: string) => text.split(/\s+/).length);
 *
 * console.log(countWords("to be or not")); // 4
 * ```
 */
export function work<F extends (input: never, scope: WorkScope) => unknown>(meta: { readonly url: string }, name: string, fn: F, options: WorkOptions = {}): DeclaredWork<F> {
  if (typeof meta?.url !== "string") throw new TypeError(`work() needs import.meta first, to know the module that exports "${String(name)}", and got ${String(meta)}.`);
  if (typeof name !== "string" || name === "") throw new TypeError(`work() needs the name under which its module exports it, and got ${String(name)}.`);
  if (typeof fn !== "function") throw new TypeError(`work(import.meta, "${name}", …) needs the function to run, and got ${typeof fn}.`);
  const { concurrency = Infinity, version, once = false } = options;
  if (!(concurrency === Infinity || (Number.isInteger(concurrency) && concurrency > 0))) {
    throw new RangeError(`The work "${name}" needs a whole number from 1 up as its concurrency, or Infinity, and got ${String(concurrency)}.`);
  }
  if (version !== undefined && (typeof version !== "string" || version === "")) throw new TypeError(`The work "${name}" needs a text as its version, and got ${String(version)}.`);
  hasWorks(meta.url);
  const declaration: Declaration = { url: meta.url, name, fn, concurrency, version, once, isCarrier: false };
  const called = (input: never, scope?: Scope): unknown => fn(input, inPlace(scope) as WorkScope);
  Object.defineProperty(called, "name", { value: name });
  return Object.defineProperty(called, DECLARATION, { value: declaration }) as unknown as DeclaredWork<F>;
}

/** Says of a work that it runs others: the `name` of its input is that of the other. */
export function carrier<W extends Work<never, unknown>>(declared: W): W {
  Object.assign(declared[DECLARATION], { isCarrier: true });
  return declared;
}

/** What a call is known by, in trees and messages: its work, or the one that is run by it. */
export function knownBy(declaration: Declaration, input: unknown): { readonly name: string } {
  const { isCarrier } = declaration;
  // In a worker it came by wire.
  return isCarrier === true && typeof (input as { name?: unknown } | null)?.name === "string" ? (input as { readonly name: string }) : declaration;
}

/** What a work was declared as. Throws for anything else. */
export function declarationOf<I, R>(declared: Work<I, R>, call: string): Declaration<I, R> {
  const found = tryDeclarationOf(declared);
  if (found !== undefined) return found as Declaration<I, R>;
  const what = typeof declared === "function" ? `the function "${(declared as { name: string }).name || "(anonymous)"}"` : String(declared);
  throw new MisuseError(
    "NOT_DECLARED",
    `${call} needs a work, and got ${what}, which is none. A function cannot be sent as it is: declare it once, where a worker can import it, ` +
      `export const resize = work(import.meta, "resize", (image) => …), and give that.`,
  );
}

/** As `declarationOf`; `undefined` for what is no work. */
export function tryDeclarationOf(value: unknown): Declaration | undefined {
  return typeof value === "function" || (typeof value === "object" && value !== null) ? (value as Partial<Work<never, unknown>>)[DECLARATION] : undefined;
}

/** Makes a work of what is only declared: see `callback`. */
export function declared<W>(target: W, declaration: Declaration): W {
  return Object.defineProperty(target, DECLARATION, { value: declaration });
}
