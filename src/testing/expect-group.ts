/** A matcher for trees of failures. */
import { describe } from "../errors/brand.ts";
import { isGroupError, TaskGroupError } from "../errors/group.ts";
import { AssertionError } from "./assertion-error.ts";

/** What one failure has to be: an instance of a class, something a predicate is true for, or a group of such. */
export type FailureShape = (abstract new (...args: never[]) => unknown) | ((failure: never) => boolean) | GroupShape;
/** What the failures of a group have to be, in any order. */
export type GroupShape = readonly FailureShape[];

/**
 * Fails unless `error` is a TaskGroupError whose failures are those of `shape`, in any order and no more: a class stands for
 * an instance, a function for what it is true for, an array for a nested group.
 *
 * Throws an `AssertionError` that shows the tree, what did not match, and what is missing; its cause is `error`. Cost: for n
 * failures at most n² questions at each level.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { expectGroup } from "espalier/testing";
 *
 * const error = await taskGroup(async (group) => {
 *   group.spawn((scope) => scope.group(() => Promise.reject(new RangeError("page 7"))));
 *   throw new TypeError("no url");
 * }).catch((error: unknown) => error);
 * expectGroup(error, [TypeError, [(failure: Error) => failure.message === "page 7"]]);
 * ```
 */
export function expectGroup(error: unknown, shape: GroupShape): asserts error is TaskGroupError {
  if (isGroupError(error) && fits(error.errors, shape)) return;
  const wanted = shape.map((one) => `  ${wordsFor(one)}`).join("\n");
  const seen = isGroupError(error) ? `\n\n${treeOf(error)}` : ` ${describe(error)}.`;
  throw new AssertionError(`Expected a TaskGroupError of\n\n${wanted === "" ? "  no failures" : wanted}\n\nand got${seen}${differences(error, shape)}`, { cause: error });
}

/** Whether each failure can be given a place of its own in the shape. */
function fits(failures: readonly unknown[], shape: GroupShape): boolean {
  return failures.length === shape.length && assign(failures, shape).every((place) => place !== undefined);
}

/** A place for as many failures as possible, none twice: Kuhn's algorithm. Gives the place of each failure. */
function assign(failures: readonly unknown[], shape: GroupShape): (number | undefined)[] {
  const matches = failures.map((failure) => shape.flatMap((one, place) => (matchesOne(failure, one) ? [place] : [])));
  const takenBy = new Map<number, number>();
  const seat = (failure: number, tried: Set<number>): boolean =>
    matches[failure]!.some((place) => {
      if (tried.has(place)) return false;
      tried.add(place);
      const holder = takenBy.get(place);
      if (holder !== undefined && !seat(holder, tried)) return false;
      takenBy.set(place, failure);
      return true;
    });
  for (const failure of failures.keys()) seat(failure, new Set());
  const places: (number | undefined)[] = failures.map(() => undefined);
  for (const [place, failure] of takenBy) places[failure] = place;
  return places;
}

function matchesOne(failure: unknown, shape: FailureShape): boolean {
  if (isGroupShape(shape)) return isGroupError(failure) && fits(failure.errors, shape);
  if (isClass(shape)) return failure instanceof shape;
  return (shape as (failure: unknown) => boolean)(failure);
}

function isGroupShape(shape: FailureShape): shape is GroupShape {
  return Array.isArray(shape);
}

function isClass(shape: FailureShape): shape is abstract new (...args: never[]) => unknown {
  const { prototype } = shape as { prototype?: unknown };
  if (typeof prototype !== "object" || prototype === null) return false;
  return prototype instanceof Error || shape === Error || Function.prototype.toString.call(shape).startsWith("class");
}

function wordsFor(shape: FailureShape): string {
  if (isGroupShape(shape)) return `[${shape.map(wordsFor).join(", ")}]`;
  if (isClass(shape)) return shape.name;
  return shape.name === "" ? `what ${Function.prototype.toString.call(shape).replace(/\s+/g, " ")} is true for` : `what ${shape.name}() is true for`;
}

function treeOf(error: unknown, depth = 1): string {
  const pad = "  ".repeat(depth);
  if (!isGroupError(error)) return pad + describe(error);
  return [`${pad}TaskGroupError`, ...error.errors.map((inner) => treeOf(inner, depth + 1))].join("\n");
}

/** What is too many and what is missing at the top level. */
function differences(error: unknown, shape: GroupShape): string {
  if (!isGroupError(error)) return " A group throws a TaskGroupError; a combinator, or errors: \"first\", throws the first failure itself.";
  const places = assign(error.errors, shape);
  const tooMany = error.errors.filter((_, index) => places[index] === undefined);
  const missing = shape.filter((_, place) => !places.includes(place));
  const list = (title: string, lines: readonly string[]): string => (lines.length === 0 ? "" : `\n\n${title}\n\n${lines.map((line) => `  ${line}`).join("\n")}`);
  return list("Not expected:", tooMany.map((failure) => (isGroupError(failure) ? treeOf(failure).trimStart() : describe(failure)))) + list("Missing:", missing.map(wordsFor));
}
