import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import type { Oracle } from "./oracle.ts";

export const g14: Oracle = {
  guarantee: "G14",
  demands: "daemons are cancelled when the body and all other tasks have finished, neither before nor later",
  *check(history) {
    for (const group of history.lived) {
      if (group.kind !== "group" || group.left === undefined) continue;
      for (const daemon of group.tasks) {
        if (!daemon.isDaemon || daemon.isCallers || daemon.entered === undefined) continue;
        yield* problems(daemon, group, history);
        yield* belated(daemon, group, history);
      }
    }
  },
};

function* problems(daemon: Life, group: Life, history: History): Generator<string> {
  const { felt } = daemon;
  if (felt?.cause.source === "ended" && felt.cause.by === group.name) {
    const busy = foreground(group, "surely").find(([from, to]) => from < felt.seq && felt.seq < to);
    if (busy !== undefined) yield `the daemon ${daemon.name} was cancelled at #${felt.seq}, while ${busy[2]} was running`;
    return;
  }
  const quiet = Math.max(quietSince(group), daemon.entered!.seq);
  const later = history.endOfMoment(quiet);
  const isLate = felt === undefined ? daemon.busyUntil > later : felt.seq > later;
  if (isLate) yield `the daemon ${daemon.name} went on after all others in ${group.name} had finished (#${quiet})`;
}

/** One that comes when all others have finished starts as in a cancelled group. */
function* belated(daemon: Life, group: Life, history: History): Generator<string> {
  if (daemon.adopted !== undefined || daemon.opened!.seq < history.endOfMoment(quietSince(group))) return;
  const first = history.waits.find(({ scope }) => scope === daemon);
  if (first?.woke?.result.ok === true) yield `the first wait (#${first.begun.seq}) of ${daemon.name}, spawned when all others in ${group.name} had finished, went well`;
}

/** What the group waits for: its body, the tasks that are no daemons, handshakes, and what onError works on. */
function foreground(group: Life, how: "surely" | "perhaps"): (readonly [from: number, to: number, name: string])[] {
  const tasks = group.tasks.flatMap((task) => {
    const from = task.opened!.seq;
    const queuedUntil = how === "surely" ? from : task.goneAt;
    if (!task.isDaemon || task.isCallers) return [[from, task.entered === undefined ? queuedUntil : task.runsUntil, task.name] as const];
    return task.adopted === undefined ? [] : [[from, task.adopted.seq, task.name] as const];
  });
  return [[group.entered?.seq ?? -1, group.left?.seq ?? Infinity, "the body"], ...tasks];
}

/** The last place in the order where something of the foreground ended, what onError works on included. */
function quietSince(group: Life): number {
  const handled = group.reports.map((report) => report.handled?.seq ?? Infinity);
  return Math.max(...foreground(group, "perhaps").map(([, to]) => to), ...handled);
}
