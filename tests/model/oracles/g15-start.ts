import { CancelledError, MisuseError, TaskGroupError } from "espalier";
import { describe, describeResult } from "../describe.ts";
import type { Verdict } from "../failure.ts";
import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import type { Result } from "../trace.ts";
import { outcomeOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g15: Oracle = {
  guarantee: "G15",
  demands: "until started() a task obeys its caller and its failure is the caller's; afterwards both are the group's",
  *check(history) {
    for (const task of history.lived) {
      if (task.startCall === undefined || task.startWoke === undefined || task.entered === undefined) continue;
      yield* task.adopted === undefined ? ofCaller(task, history) : ofGroup(task, history);
      yield* deafToCaller(task);
      yield* obedientToGroup(task);
    }
  },
};

/** A task that never started: what came of it is its caller's, and not the group's. */
function* ofCaller(task: Life, history: History): Generator<string> {
  const { result } = task.startWoke!;
  const verdict = verdictOf(task);
  const hasTried = history.of("started").some(({ task: name }) => name === task.name);
  if (verdict === undefined || verdict.open || hasTried) return;
  const wrong = wrongEnd(task, result, verdict);
  if (wrong !== undefined) yield `${task.name} ${wrong} before it had started, and its start ${describeResult(result)}`;
  if (verdict.failures.length > 0 && !result.ok && isInGroup(task.group!, result.error) && !isCarriedOn(task, result.error, history)) {
    yield `${task.name} failed before it had started, and ${task.group!.name} threw that`;
  }
}

/** What the task did, if its start gave something else. */
function wrongEnd(task: Life, result: Result, { failures, cancellation }: Verdict): string | undefined {
  const [failure] = failures;
  if (failure !== undefined) {
    // A primitive can carry no others, and comes with them.
    const isFirst = !result.ok && result.error instanceof TaskGroupError && failures.length > 1 && failure.matches(result.error.errors[0]);
    const isTold = !result.ok && (failure.matches(result.error) || isFirst);
    return isTold || !failure.required ? undefined : `failed with ${failure.text}`;
  }
  const isNotStarted = !result.ok && result.error instanceof MisuseError && result.error.code === "NOT_STARTED";
  if (cancellation === undefined && isNotStarted) return undefined;
  if (cancellation === undefined && task.felt === undefined) return "returned";
  return !result.ok && result.error instanceof CancelledError ? undefined : "was cancelled";
}

function isInGroup(group: Life, error: unknown): boolean {
  const given = outcomeOf(group);
  return given?.ok === false && given.error instanceof TaskGroupError && given.error.errors.includes(error);
}

/** Whether the program itself carried the error on, or had it from another task, as a join does. */
function isCarriedOn(task: Life, error: unknown, history: History): boolean {
  const isThrown = history.of("left").some(({ scope, result }) => scope !== task.name && !result.ok && result.error === error);
  return isThrown || task.group!.tasks.some(({ name, outcome }) => name !== task.name && outcome?.status === "failed" && outcome.error === error);
}

/** A task that has started. */
function* ofGroup(task: Life, history: History): Generator<string> {
  const { result, at } = task.startWoke!;
  const { name, startCall, felt } = task;
  const [adopted, group] = [task.adopted!, task.group!];
  if (!result.ok || result.value !== `start of ${name}`) yield `${name} called started() (#${adopted.seq}), and its start ${describeResult(result)}`;
  else if (at > adopted.at) yield `${name} called started() at ${adopted.at}, and its start waited until ${at}`;
  for (const again of history.of("started")) {
    const isRefused = again.refused instanceof MisuseError && again.refused.code === "ALREADY_STARTED";
    if (again.task === name && again.seq > adopted.seq && !isRefused) yield `${name} called started() twice (#${again.seq}), and was not told`;
  }
  const caller = history.life(startCall!.scope);
  const isCallersStill = caller === group || caller.around(adopted.seq).reached.includes(group);
  const isCallersCause = felt !== undefined && felt.seq > adopted.seq && felt.cause === caller.felt?.cause && felt.cause !== group.felt?.cause;
  if (isCallersCause && !isCallersStill) yield `${name} felt the cancellation of ${caller.name}, which it had left`;
  const isCancelled = group.wasCancelledBefore(adopted.seq) && group.isOpenAt(adopted.seq);
  if (isCancelled && felt?.cause !== group.felt!.cause) yield `${name} started in the cancelled ${group.name}, and felt ${describe(felt?.cause)}`;
}

/** Before it has started, its caller's cancellation is the task's. */
function* deafToCaller(task: Life): Generator<string> {
  const { name, parent, felt, adopted } = task;
  const asked = parent?.felt;
  if (asked === undefined || !task.isOpenAt(asked.seq) || asked.seq > (adopted?.seq ?? Infinity)) return;
  const hasObeyed = felt !== undefined && felt.at <= asked.at;
  if (!hasObeyed) yield `${name}, not started yet, did not feel the cancellation of ${parent!.name}, which it obeys (#${asked.seq})`;
}

/** … and the group's is not. */
function* obedientToGroup(task: Life): Generator<string> {
  const { felt, adopted, group, parent } = task;
  if (felt === undefined || group?.felt?.cause !== felt.cause || parent?.felt?.cause === felt.cause) return;
  // Both may have been left behind by the same function.
  if (felt.cause.source === "ended" && felt.cause.by === parent?.name) return;
  if (adopted === undefined || felt.seq < adopted.seq) yield `${task.name}, not started yet, felt the cancellation of ${group.name} (#${felt.seq})`;
}
