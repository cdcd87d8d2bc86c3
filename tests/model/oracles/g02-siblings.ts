import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import { verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g02: Oracle = {
  guarantee: "G2",
  demands: 'the first failure cancels the group at once, with source "sibling" and the failure\'s name',
  *check(history) {
    for (const group of history.lived) if (group.kind === "group") yield* problems(group, history);
  },
};

function* problems(group: Life, history: History): Generator<string> {
  const { felt } = group;
  const failures = (verdictOf(group)?.failures ?? []).filter(({ since }) => since <= group.overAt);
  const first = failures.find(({ required }) => required);
  if (first === undefined) return;
  const { seq, at } = felt ?? { seq: Infinity, at: Infinity };
  const failedAt = history.at(first.since);
  // The last to end may fail when nobody is left to be cancelled.
  if (at > failedAt && group.busyUntil > first.since) yield `${group.name} went on after ${first.text} (#${first.since})`;
  const isInherited = felt !== undefined && group.parentAt(seq)?.felt?.cause === felt.cause;
  if (felt === undefined || at < failedAt || isInherited || felt.cause.source !== "sibling") return;
  const culprits = failures.filter(({ since, matches }) => history.at(since) === at && matches(felt.cause.reason));
  if (culprits.length === 0) yield `${group.name} was cancelled at #${seq} for ${String(felt.cause.reason)}, which was no failure of that moment`;
  else if (!names(group, felt.cause.reason).includes(felt.cause.by)) yield `${group.name}'s cancellation names ${felt.cause.by}, which did not fail`;
}

/** Who may have failed with an error: a task, for a failure of `onError` the task that it was for, or else the body. */
function names(group: Life, error: unknown): string[] {
  const tasks = group.tasks.filter(({ outcome }) => outcome?.status === "failed" && outcome.error === error);
  const handlers = group.reports.filter(({ handled }) => handled?.result.ok === false && handled.result.error === error);
  const others = [...tasks.map(({ name }) => name), ...handlers.map(({ reported }) => reported.task)];
  const isBodys = others.length === 0 || (group.left?.result.ok === false && group.left.result.error === error);
  return isBodys ? [...others, group.name] : others;
}
