import { CancelledError, MisuseError, TaskGroupError } from "espalier";
import { describe, describeResult } from "../describe.ts";
import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import { outcomeOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g15: Oracle = {
  guarantee: "G15",
  demands: "until started() a task obeys its caller and its failure is the caller's; afterwards both are the group's",
  *check(history) {
    for (const task of history.lived) {
      if (task.startCall === undefined || task.startWoke === undefined || task.entered === undefined) continue;
      yield* task.adopted === undefined ? ofCaller(task, history) : ofGroup(task, history);
      yield* wrongMaster(task);
      yield* deaf(task);
      for (const { seq, refused, task: name } of history.of("started")) {
        const isSecond = name === task.name && task.adopted !== undefined && task.adopted.seq < seq;
        if (isSecond && !(refused instanceof MisuseError && refused.code === "ALREADY_STARTED")) yield `${name} called started() twice (#${seq}), and was not told`;
      }
    }
  },
};

function* ofCaller(task: Life, history: History): Generator<string> {
  const { result } = task.startWoke!;
  const verdict = verdictOf(task);
  const told = `and its start ${describeResult(result)}`;
  if (verdict === undefined || verdict.open || history.of("started").some(({ task: name }) => name === task.name)) return;
  const [failure] = verdict.failures;
  if (result.ok) yield `${task.name} never called started(), ${told}`;
  else if (failure !== undefined) {
    // A primitive can carry no others, and comes with them.
    const first = result.error instanceof TaskGroupError && verdict.failures.length > 1 ? (result.error.errors[0] as unknown) : undefined;
    if (failure.required && !failure.matches(result.error) && !failure.matches(first)) yield `${task.name} failed with ${failure.text} before it had started, ${told}`;
  } else if (verdict.cancellation !== undefined || task.felt !== undefined) {
    const isNotStarted = result.error instanceof MisuseError && verdict.cancellation === undefined;
    if (!(result.error instanceof CancelledError) && !isNotStarted) yield `${task.name} was cancelled before it had started, ${told}`;
  } else if (!(result.error instanceof MisuseError) || result.error.code !== "NOT_STARTED") yield `${task.name} returned before it had started, ${told}`;
  const given = outcomeOf(task.group!);
  if (failure !== undefined && given?.ok === false && given.error instanceof TaskGroupError && given.error.errors.includes(result.ok ? undefined : result.error) && !isRethrown(task, result.ok ? undefined : result.error, history)) {
    yield `${task.name} failed before it had started, and ${task.group!.name} threw that`;
  }
}

/** Whether the program itself carried the error on. */
function isRethrown(task: Life, error: unknown, history: History): boolean {
  return history.of("left").some(({ scope, result }) => scope !== task.name && !result.ok && result.error === error);
}

function* ofGroup(task: Life, history: History): Generator<string> {
  const { result, at } = task.startWoke!;
  const { adopted, startCall, felt, group } = task;
  if (!result.ok || result.value !== `start of ${task.name}`) yield `${task.name} called started() (#${adopted!.seq}), and its start ${describeResult(result)}`;
  else if (at > adopted!.at) yield `${task.name} called started() at ${adopted!.at}, and its start waited until ${at}`;
  const caller = history.life(startCall!.scope);
  const isInGroup = caller === group || caller.around(adopted!.seq).reached.includes(group!);
  if (felt !== undefined && felt.seq > adopted!.seq && !isInGroup && felt.cause === caller.felt?.cause && group!.felt?.cause !== felt.cause) yield `${task.name} felt the cancellation of ${caller.name}, which it had left`;
  const isCancelled = group!.felt !== undefined && group!.felt.seq < adopted!.seq && group!.isOpenAt(adopted!.seq);
  if (isCancelled && felt?.cause !== group!.felt!.cause) yield `${task.name} started in the cancelled ${group!.name}, and felt ${describe(felt?.cause)}`;
}

/** Before it has started, its caller's cancellation is the task's. */
function* deaf(task: Life): Generator<string> {
  const { name, parent, felt, adopted } = task;
  const asked = parent?.felt;
  if (asked === undefined || !task.isOpenAt(asked.seq) || asked.seq > (adopted?.seq ?? Infinity)) return;
  if (felt === undefined || felt.at > asked.at) yield `${name}, not started yet, did not feel the cancellation of ${parent!.name}, which it obeys (#${asked.seq})`;
}

/** Before it has started, the group's cancellation is not the task's. */
function* wrongMaster(task: Life): Generator<string> {
  const { felt, adopted, group, parent } = task;
  if (felt === undefined || group?.felt?.cause !== felt.cause || parent?.felt?.cause === felt.cause) return;
  // Both may have been left behind by the same function.
  if (felt.cause.source === "ended" && felt.cause.by === parent?.name) return;
  if (adopted === undefined || felt.seq < adopted.seq) yield `${task.name}, not started yet, felt the cancellation of ${group.name} (#${felt.seq})`;
}
