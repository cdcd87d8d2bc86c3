import { describe } from "../describe.ts";
import type { Failure } from "../failure.ts";
import type { History } from "../history.ts";
import type { Life, Told } from "../life.ts";
import { verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g09: Oracle = {
  guarantee: "G9",
  demands: "the first cause wins, stays, and is told by the CancelledError",
  *check(history) {
    yield* changed(history);
    for (const life of history.lived) {
      yield* unheeded(life, history);
      if (life.felt !== undefined && !life.isCombination && !isInherited(life, life.felt)) yield* groundless(life, life.felt, history);
    }
  },
};

/** A scope has one cause, whenever it is asked. */
function* changed(history: History): Generator<string> {
  for (const { scope, cause, seq } of history.of("felt")) {
    const first = history.lives.get(scope)?.felt;
    if (first !== undefined && first.seq !== seq) yield `${scope} was cancelled twice (#${first.seq}, #${seq}: ${describe(cause)})`;
  }
  for (const { scope, reason, cancelled, seq } of history.of("looked")) {
    const { felt, overAt } = history.life(scope);
    const known = felt !== undefined && felt.seq < seq ? felt.cause : undefined;
    if (cancelled !== (reason !== undefined)) yield `${scope} says cancelled: ${cancelled}, and gives ${describe(reason)} as the reason (#${seq})`;
    if (reason !== known && overAt > seq) yield `${scope} gives ${describe(reason)} as its reason (#${seq}), and was cancelled by ${describe(known)}`;
  }
}

function isInherited(life: Life, felt: Told<"felt">): boolean {
  return !life.isShielded && life.parentAt(felt.seq)?.felt?.cause === felt.cause;
}

/** The first `cancel()` of an open scope is its cancellation, unless its deadline had come. */
function* unheeded(life: Life, history: History): Generator<string> {
  const asked = history.of("cancelling").find(({ scope, seq }) => scope === life.name && life.isOpenAt(seq));
  if (asked === undefined || life.entered === undefined || life.wasCancelledBefore(asked.seq)) return;
  const { felt } = life;
  if (felt === undefined || felt.at > asked.at) yield `${life.name} did not heed cancel() at #${asked.seq}`;
  else if (felt.cause.source === "explicit" && felt.cause.by === life.name && felt.cause.reason !== asked.reason) {
    yield `${life.name} was cancelled for ${describe(felt.cause.reason)}, and asked first for ${describe(asked.reason)}`;
  } else if (felt.cause.source !== "explicit" && felt.cause.source !== "deadline") {
    yield `${life.name} was cancelled at #${asked.seq}, and says ${describe(felt.cause)}`;
  }
}

/** Whether a cancellation that began here had the ground that it tells. Failures are for G2, endings for G14 and G16, combinators for A02. */
function* groundless(life: Life, { cause, seq, at }: Told<"felt">, history: History): Generator<string> {
  const told = `${life.name}'s cancellation (#${seq}) says ${describe(cause)}`;
  switch (cause.source) {
    case "explicit": {
      const asked = history.of("cancelling").some((one) => one.scope === life.name && one.seq < seq && one.at === at && one.reason === cause.reason);
      if (!asked || cause.by !== life.name) yield `${told}, and nobody asked for that`;
      return;
    }
    case "deadline": {
      const passed = deadlinesOf(life, seq, history).some((one) => one.deadline <= Math.min(at, one.until));
      if (!passed || cause.by !== life.name) yield `${told}, and no deadline of its own had come`;
      return;
    }
    case "sibling":
      if (!failuresIn(life).some(({ matches }) => matches(cause.reason))) yield `${told}, and nothing failed with that in it`;
      return;
    case "ended":
      if (life.parentAt(seq)?.label !== cause.by && life.group?.name !== cause.by) yield `${told}, which is not its parent`;
      return;
    default:
      yield `${told}, which is not so`;
  }
}

function failuresIn(life: Life): readonly Failure[] {
  return life.kind === "group" ? (verdictOf(life)?.failures ?? []) : [];
}

/** The own deadlines that a scope had before a place in the order, each with the time when it was moved. */
function deadlinesOf(life: Life, seq: number, history: History): { readonly deadline: number; readonly until: number }[] {
  const moves = history.of("rescheduled").filter((one) => one.scope === life.name && one.refused === undefined && one.seq < seq);
  const since = life.kind === "cleanup" ? life.entered : life.opened;
  const first = "ms" in life.spec && since !== undefined ? since.at + life.spec.ms : Infinity;
  return [first, ...moves.map(({ deadline }) => deadline)].map((deadline, index) => ({ deadline, until: moves[index]?.at ?? Infinity }));
}

/** The one that it had last. */
export function deadlineOf(life: Life, seq: number, history: History): number {
  return deadlinesOf(life, seq, history).at(-1)!.deadline;
}
