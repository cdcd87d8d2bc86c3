import { suppressed, TaskGroupError } from "espalier";
import { describe } from "../describe.ts";
import type { Failure } from "../failure.ts";
import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import { outcomeOf, verdictOf } from "../verdict.ts";
import { Planned } from "../world.ts";
import type { Oracle } from "./oracle.ts";

export const g03: Oracle = {
  guarantee: "G3",
  demands: "every failure is thrown, attached or given to onError; the very objects, in the order of failure, and nothing else",
  *check(history) {
    yield* lost(history);
    yield* unhandled(history);
    for (const life of history.lived) yield* misreported(life, history);
  },
};

/** Over the whole program: what leaves a function comes out where the program can see it. */
function* lost(history: History): Generator<string> {
  const seen = new Set<unknown>();
  for (const entry of history.entries) {
    if (entry.is === "caught" || entry.is === "reported" || entry.is === "unhandled") open(entry.error, seen);
    else if (entry.is === "settled" && !entry.result.ok && isHandedOver(history.life(entry.scope), history)) open(entry.result.error, seen);
  }
  for (const life of history.lived) for (const error of toleratedIn(life)) open(error, seen);
  for (const entry of history.entries) {
    if ((entry.is !== "left" && entry.is !== "discarded") || entry.result.ok) continue;
    for (const error of open(entry.result.error, new Set())) {
      const isPlanned = error instanceof Planned || typeof error === "string";
      if (isPlanned && !seen.has(error)) yield `${describe(error)}, which left ${entry.is === "left" ? entry.scope : `the discard of ${entry.call}`}, was lost`;
    }
  }
}

/** Failures that are no failures of their call: what `any` may have tolerated, and what is a record of `allSettled`. */
function toleratedIn({ kind, branches }: Life): unknown[] {
  if (kind !== "any" && kind !== "allSettled") return [];
  return branches.flatMap((branch) => {
    const failures = (verdictOf(branch)?.failures ?? []).flatMap((failure) => ("error" in failure ? [failure.error] : []));
    const left = [branch, ...branch.cleanups].flatMap((life) => (life.left?.result.ok === false ? [life.left.result.error] : []));
    return [...left, ...failures];
  });
}

/** Whether its result went to the program by itself: the root's, and what the program dropped itself. */
function isHandedOver(life: Life, history: History): boolean {
  const { parent } = life;
  if (parent === undefined || parent === history.outside) return true;
  return history.endOfMoment(parent.left?.seq ?? Infinity) > life.goneAt;
}

/** An error and all that is in it or attached to it. */
function open(error: unknown, into: Set<unknown>): Set<unknown> {
  if (into.has(error)) return into;
  into.add(error);
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : error instanceof SuppressedError ? [error.error, error.suppressed] : [];
  for (const one of [...inner, ...suppressed(error)]) open(one, into);
  return into;
}

/** Only the user's own forgotten call may be rejected with nobody to know. */
function* unhandled(history: History): Generator<string> {
  const forgotten = history.lived.filter((life) => life.forgotten && life.goneAt <= history.endOfMoment(life.parent?.left?.seq ?? 0));
  for (const { error, seq } of history.of("unhandled")) {
    const isUsers = forgotten.some(({ settled }) => settled?.result.ok === false && settled.result.error === error);
    if (!isUsers) yield `${describe(error)} was an unhandled rejection (#${seq})`;
  }
}

function* misreported(life: Life, history: History): Generator<string> {
  const given = outcomeOf(life);
  const verdict = verdictOf(life);
  if (given === undefined || verdict === undefined || verdict.failures.length === 0 || verdict.open) return;
  const { failures } = verdict;
  if (given.ok) return; // see G7
  const isGroup = life.spec.kind === "group" && life.spec.errors === undefined;
  if (isGroup && !(given.error instanceof TaskGroupError)) return; // see G7
  // A primitive can carry no others: they come in a TaskGroupError where the first failure would.
  const isOne = !isGroup && failures.some((failure) => failure.error === given.error);
  const together = given.error instanceof TaskGroupError && !isOne ? (given.error.errors as unknown[]) : [];
  const seen = isGroup ? together : [given.error, ...together, ...given.attached];
  for (const failure of failures) {
    if (!failure.required || seen.some((one) => failure.matches(one))) continue;
    yield `${life.name} should have thrown ${failure.text} (#${failure.since}), and threw ${seen.map(describe).join(", ")}`;
  }
  if (isGroup) {
    for (const one of seen) if (!failures.some((failure) => failure.matches(one))) yield `${life.name} threw ${describe(one)}, which was no failure of it`;
    const objects = seen.filter((one) => one instanceof Error);
    if (new Set(objects).size < objects.length) yield `${life.name} threw the same error twice`;
  }
  // What hung on a cancellation may have been attached later: it is one object, wherever it passes.
  const placed = failures.filter(({ own, required }) => required || !own);
  yield* disordered(life, isGroup ? bodysLast(placed) : placed, isGroup, seen, history);
}

/** The order of failure, the body's own last. */
function bodysLast(failures: readonly Failure[]): Failure[] {
  return [...failures.filter(({ own }) => !own), ...failures.filter(({ own }) => own)];
}

function* disordered(life: Life, all: readonly Failure[], isGroup: boolean, seen: readonly unknown[], history: History): Generator<string> {
  // What a task threw and the body threw again has the place of the task's.
  const tasks = all.filter(({ own }) => !own);
  const once = all.filter((failure) => !failure.own || !seen.some((one) => failure.matches(one) && tasks.some((task) => task.matches(one))));
  const placeOf = (failure: Failure): number => seen.findIndex((one) => failure.matches(one));
  const ordered = once.filter((failure, index) => once.findIndex((one) => placeOf(one) === placeOf(failure)) === index);
  const places = ordered.map(placeOf);
  for (const [index, failure] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next === undefined || places[index]! < 0 || places[index + 1]! < 0) continue;
    // Within a moment, only the body's own has its place, and only in a TaskGroupError.
    const isOrdered = (isGroup && failure.own !== next.own) || history.at(failure.since) < history.at(next.since);
    if (isOrdered && places[index]! > places[index + 1]!) yield `${life.name} threw ${next.text} before ${failure.text}`;
  }
}
