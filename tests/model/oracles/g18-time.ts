import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import { deadlineOf } from "./g09-first-cause.ts";
import type { Oracle } from "./oracle.ts";

export const g18: Oracle = {
  guarantee: "G18",
  demands: "sleeps and deadlines come at their time, neither early nor late, and leave no timer; what a scope says of its deadline is so",
  *check(history) {
    const { run, waits, lived } = history;
    for (const { begun, woke } of waits) {
      if (woke?.result.ok !== true || begun.step.for !== "time") continue;
      const due = begun.at + Math.max(0, begun.step.ms);
      if (woke.at !== due) yield `wait #${begun.seq} should have lasted until ${due}, and lasted until ${woke.at}`;
    }
    yield* unseen(history);
    for (const life of lived) yield* missed(life, history);
    yield* misread(history);
    if (run.timers > 0) yield `${run.timers} timers were left`;
    if (run.listeners !== 0) yield `${run.listeners} listeners were left on the signal`;
    if (run.alive.length > 0) yield `${run.alive.join(", ")} stayed in the tree`;
  },
};

/** A deadline that came while the scope was open cancelled it. */
function* missed(life: Life, history: History): Generator<string> {
  const moves = history.of("rescheduled").filter(({ scope, refused }) => scope === life.name && refused === undefined);
  const set = life.kind === "cleanup" ? life.entered : life.opened;
  if (set === undefined) return;
  for (const [index, from] of [set, ...moves].entries()) {
    const due = Math.max(deadlineOf(life, from.seq + 1, history), from.at);
    const after = history.entries.findIndex(({ at }) => at > due);
    if (after < 0 || (moves[index]?.seq ?? Infinity) < after || !life.isOpenAt(after)) continue;
    if (life.felt === undefined || life.felt.seq > after) yield `${life.name}'s deadline came at ${due}, and it went on`;
  }
}

/** A deadline that has come is seen by the next operation, before its timer is. */
function* unseen(history: History): Generator<string> {
  for (const { begun, woke, scope } of history.waits) {
    if (woke === undefined || begun.step.for === "start" || !scope.isOpenAt(begun.seq)) continue;
    const deadline = Math.min(...scope.around(begun.seq).reached.map((life) => deadlineOf(life, begun.seq, history)));
    if (deadline <= begun.at && woke.result.ok) yield `wait #${begun.seq} began in ${scope.name}, whose deadline had come at ${deadline}, and went well`;
  }
}

function* misread(history: History): Generator<string> {
  for (const { scope, cancelled, deadline, seq } of history.of("looked")) {
    const life = history.life(scope);
    if (!life.isOpenAt(seq)) continue;
    const own = life.around(seq).reached.map((one) => deadlineOf(one, seq, history));
    const earliest = Math.min(...own);
    const expected = cancelled ? -Infinity : earliest;
    if (!cancelled && earliest <= history.at(seq)) yield `${scope} says that it is not cancelled, and its deadline came at ${earliest} (#${seq})`;
    if (deadline !== expected) yield `${scope} says that its deadline is ${deadline}, and it is ${expected} (#${seq})`;
  }
}
