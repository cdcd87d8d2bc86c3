import { MisuseError } from "espalier";
import { describe, describeResult } from "../describe.ts";
import type { History } from "../history.ts";
import type { WaitStep } from "../trace.ts";
import type { Oracle } from "./oracle.ts";

/** What is refused may be the group that has ended, and not the scope. */
function isOfEndedGroup(step: WaitStep, seq: number, { lives }: History): boolean {
  return step.for === "room" && !lives.get(step.group)!.isOpenAt(seq);
}

export const g17: Oracle = {
  guarantee: "G17",
  demands: "using a scope that has ended is a MisuseError, and using one that has not is none",
  *check(history) {
    for (const { begun, woke, scope } of history.waits) {
      if (woke === undefined || begun.step.for === "start") continue;
      const thrown = woke.result.ok ? undefined : woke.result.error;
      const isRefused = thrown instanceof MisuseError && thrown.code === "SCOPE_ENDED" && woke.at === begun.at;
      if (scope.isOverAt(begun.seq) && !isRefused) yield `wait #${begun.seq} began in ${scope.name}, which had ended, and ${describeResult(woke.result)}`;
      const isOwn = begun.step.for !== "promise" && begun.step.for !== "join" && !isOfEndedGroup(begun.step, begun.seq, history);
      if (isOwn && isRefused && scope.isOpenAt(begun.seq)) yield `wait #${begun.seq} was refused, though ${scope.name} was open`;
    }
    for (const entry of history.entries) {
      if (entry.is !== "rescheduled" && entry.is !== "deferred" && entry.is !== "listening") continue;
      const scope = history.life(entry.scope);
      if (entry.refused !== undefined && !(entry.refused instanceof MisuseError)) yield `#${entry.seq} threw ${describe(entry.refused)}`;
      if (entry.refused !== undefined && scope.isOpenAt(entry.seq)) yield `#${entry.seq} was refused, though ${scope.name} was open`;
      if (entry.refused === undefined && scope.isOverAt(entry.seq)) yield `#${entry.seq} was accepted, though ${scope.name} had ended`;
    }
    for (const { scope, seq } of history.of("felt")) {
      const life = history.lives.get(scope);
      if (life !== undefined && life.kind !== "cleanup" && life.isOverAt(seq)) yield `${scope} was cancelled at #${seq}, when it had ended`;
    }
  },
};
