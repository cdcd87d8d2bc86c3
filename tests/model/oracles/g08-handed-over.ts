import { describeResult } from "../describe.ts";
import type { History, Waited } from "../history.ts";
import type { Life } from "../life.ts";
import type { Result } from "../trace.ts";
import type { Oracle } from "./oracle.ts";

export const g08: Oracle = {
  guarantee: "G8",
  demands: "what was handed over beats a later cancellation, and arrives as it was given",
  *check(history) {
    for (const wait of history.waits) yield* problems(wait, history);
  },
};

function* problems({ begun, woke, scope }: Waited, history: History): Generator<string> {
  const handed = handedOver(begun.step, history);
  const { felt } = scope;
  if (handed === undefined || woke === undefined || scope.overAt <= Math.max(begun.seq, handed.seq)) return;
  // What begins in a cancelled scope is for G4; so is what begins when the deadline has come.
  const isThere = (history.run.isExplored ? handed.earliest : handed.seq) < begun.seq;
  if (felt !== undefined && (felt.seq < begun.seq || (isThere && felt.at === begun.at))) return;
  if (begun.step.for === "join" && isInside(scope, begun.step.task)) return;
  const handedAt = history.at(handed.seq);
  const isCause = felt?.cause.source === "sibling" && felt.cause.by === handed.causes;
  const isBefore = felt === undefined || handed.seq < felt.seq || isCause;
  const [wait, told] = [`wait #${begun.seq}`, `what was handed over at #${handed.seq} (${describeResult(handed.result)})`];
  if (!isBefore) {
    if (woke.result.ok && felt.at < handedAt) yield `${wait} got a value after ${scope.name} had been cancelled`;
    return;
  }
  if (scope.isOpenAt(Math.max(begun.seq, handed.seq)) && !isSame(woke.result, handed.result)) yield `${wait} should have got ${told}, and ${describeResult(woke.result)}`;
  if (woke.at > Math.max(handedAt, begun.at)) yield `${wait} got ${told} only at ${woke.at}`;
}

/** A task that joins itself gets no result: see G24. */
function isInside(scope: Life, task: string): boolean {
  const { reached, beyond } = scope.around(Infinity);
  return [...reached, ...beyond].some(({ name }) => name === task);
}

interface Handed {
  readonly seq: number;
  /**
   * Where it may have been there already, seen late. What is there when an operation begins need not be waited for; such
   * an operation yields, and looks again for a cancellation then (G22). Only an explorer lets other things come between.
   */
  readonly earliest: number;
  readonly result: Result;
  /** Who handed it over by failing: the cancellations that tell of that came after. */
  readonly causes?: string;
}

function handedOver(step: Waited["begun"]["step"], history: History): Handed | undefined {
  if (step.for === "promise") {
    const fulfilling = history.of("fulfilling").find(({ promise }) => promise === step.promise);
    return fulfilling && { ...fulfilling, earliest: fulfilling.seq };
  }
  if (step.for !== "join") return undefined;
  const { ended, outcome, busyUntil } = history.life(step.task);
  if (ended === undefined || outcome === undefined) return undefined;
  // A task has not ended before its function; how much later within the moment, only a probe sees.
  const seq = history.program.watch === "probe" ? ended.seq : Math.max(ended.seq, busyUntil);
  const places = { seq, earliest: busyUntil };
  if (outcome.status === "succeeded") return { ...places, result: { ok: true, value: outcome.value } };
  if (outcome.status === "cancelled") return { ...places, result: { ok: false, error: outcome.reason } };
  return { ...places, result: { ok: false, error: outcome.error }, causes: step.task };
}

function isSame(one: Result, other: Result): boolean {
  if (one.ok) return other.ok && one.value === other.value;
  return !other.ok && one.error === other.error;
}
