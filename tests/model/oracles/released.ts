import { CancelledError } from "espalier";
import type { History, Waited } from "../history.ts";
import type { Oracle } from "./oracle.ts";

/** Of the issue: every waiter is released. */
export const released: Oracle = {
  guarantee: "G4",
  demands: "whatever waits in a scope is released in the moment in which the scope is cancelled or ends, and in no other",
  *check(history) {
    for (const wait of history.waits) yield* problems(wait, history);
  },
};

function* problems({ begun, woke, scope }: Waited, history: History): Generator<string> {
  const wait = `wait #${begun.seq} in ${scope.name}`;
  if (woke === undefined) {
    yield `${wait} never ended`;
    return;
  }
  // What `start` waits for is a task, which may take its time to end: see G15.
  if (begun.step.for === "start") return;
  const { felt } = scope;
  const isLate = felt !== undefined && felt.seq > begun.seq && felt.at < woke.at;
  if (isLate) yield `${wait} went on until ${woke.at}, though ${scope.name} was cancelled at ${felt.at}`;
  if (scope.overAt > begun.seq && woke.seq > history.endOfMoment(scope.overAt)) yield `${wait} went on after ${scope.name} had ended`;
  if (woke.result.ok || !(woke.result.error instanceof CancelledError) || begun.step.for === "join") return;
  const { error } = woke.result;
  const ending = error.source === "ended" && error.by === scope.label && history.at(scope.busyUntil) <= woke.at;
  if (error !== felt?.cause && !ending) yield `${wait} was interrupted by a cancellation that is not ${scope.name}'s`;
}
