import { describe } from "../describe.ts";
import { type End, endsOf, firstOf, hasFailed, hasSucceeded } from "../combined.ts";
import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import { verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const a02: Oracle = {
  guarantee: "A02",
  demands: "a combinator cancels the rest in the moment in which it is decided, neither before nor later; allSettled cancels nobody",
  *check(history) {
    for (const call of history.lived) if (call.isCombination) yield* problems(call, history);
  },
};

function* problems(call: Life, history: History): Generator<string> {
  const ends = endsOf(call, verdictOf);
  const decided = firstOf(ends.filter((end) => decides(end, call.kind)));
  for (const { name, busyUntil, felt } of call.branches) {
    const isLeft = busyUntil >= decided && (felt === undefined || felt.seq >= decided);
    if (isLeft) yield `${name} went on when ${call.name} was decided (#${decided})`;
  }
  if (call.felt === undefined || isFromElsewhere(call)) return;
  const { seq, at, cause } = call.felt;
  const causes = [...ends.filter((end) => mayDecide(end, call.kind)).map(({ branch }) => branch.left!), ...sourceFailures(call)];
  const isGrounded = call.kind !== "allSettled" && causes.some((one) => one.seq < seq);
  if (!isGrounded) yield `${call.name} was cancelled at #${seq} (${describe(cause)}), when nothing had decided it`;
  if (cause.source !== "sibling") return;
  const culprits = (verdictOf(call)?.failures ?? []).filter(({ since, matches }) => history.at(since) === at && matches(cause.reason));
  if (culprits.length === 0) yield `${call.name} was cancelled at #${seq} for ${describe(cause.reason)}, which was no failure of that moment`;
}

/** Whether the call is surely decided when this one has ended. */
function decides(end: End, kind: Life["kind"]): boolean {
  if (kind === "allSettled") return false;
  return (kind !== "any" && hasFailed(end)) || ((kind === "race" || kind === "any") && hasSucceeded(end));
}

function mayDecide({ branch, verdict }: End, kind: Life["kind"]): boolean {
  if (branch.left === undefined) return false;
  return kind === "race" || (kind === "any" ? verdict?.failures[0]?.required !== true : verdict?.failures.length !== 0);
}

function sourceFailures({ asks }: Life): { readonly seq: number }[] {
  return asks.flatMap(({ ended }) => (ended?.result.ok === false ? [ended] : []));
}

/** A cancellation that came from around, or because its opener left it running (G16). */
function isFromElsewhere(call: Life): boolean {
  const { cause } = call.felt!;
  return cause.source === "ended" || call.lineage(call.felt!.seq).slice(1).some(({ felt }) => felt?.cause === cause);
}
