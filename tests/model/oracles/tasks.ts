import { describe } from "../describe.ts";
import type { Life } from "../life.ts";
import { verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

/** What G3, G5 and G7 say of a call, said of a task: C04, L11, L13 of the cases. */
export const tasks: Oracle = {
  guarantee: "G5",
  demands: "a task ends as failed, cancelled or succeeded, as its function and what it opened did",
  *check({ lived }) {
    for (const life of lived) if (life.isTask && life.outcome !== undefined) yield* problems(life);
  },
};

function* problems(task: Life): Generator<string> {
  const verdict = verdictOf(task);
  const outcome = task.outcome!;
  if (verdict === undefined) {
    if (outcome.status !== "cancelled") yield `${task.name}, which was never called, ${outcome.status}`;
    return;
  }
  const [failure] = verdict.failures;
  if (verdict.open || failure?.required === false) return;
  const expected = failure !== undefined ? "failed" : verdict.cancellation !== undefined ? "cancelled" : "succeeded";
  if (outcome.status !== expected) yield `${task.name} ${outcome.status}, and should have ${expected}`;
  else if (outcome.status === "succeeded" && outcome.value !== `value of ${task.name}`) yield `${task.name} gave ${describe(outcome.value)}`;
  else if (outcome.status === "cancelled" && !task.around(task.goneAt).reached.some(({ felt }) => felt?.cause === outcome.reason)) {
    yield `${task.name} ended as cancelled for ${describe(outcome.reason)}, which cancelled no scope around it`;
  }
}
