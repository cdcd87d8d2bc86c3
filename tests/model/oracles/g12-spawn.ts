import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import type { Oracle } from "./oracle.ts";

export const g12: Oracle = {
  guarantee: "G12",
  demands: "spawn calls the function at once, or in turn as soon as there is room; a queued task of a cancelled group is never called",
  *check(history) {
    for (const group of history.lived) {
      if (group.spec.kind !== "group") continue;
      const limit = group.spec.concurrency ?? Infinity;
      for (const task of group.tasks) {
        yield* late(task, group, limit, history);
        if (running(group, task.entered?.seq ?? -1) > limit) yield `more than ${limit} tasks of ${group.name} ran when ${task.name} began`;
      }
      yield* outOfTurn(group);
    }
    yield* tried(history);
  },
};

/** How many tasks surely ran at a place in the order, the one that began there included. */
function running(group: Life, seq: number): number {
  return group.tasks.filter(({ entered, busyUntil }) => entered !== undefined && entered.seq <= seq && seq < busyUntil).length;
}

/** How many tasks can have had a place then, at most. */
function placed(group: Life, seq: number): number {
  return group.tasks.filter(({ opened, goneAt }) => opened!.seq < seq && seq < goneAt).length;
}

function isSynchronous({ entered, name }: Life, history: History): boolean {
  const returned = history.of("spawned").find(({ task }) => task === name);
  return entered !== undefined && (returned === undefined || entered.seq < returned.seq);
}

function* late(task: Life, group: Life, limit: number, history: History): Generator<string> {
  const since = task.opened!.seq;
  if (task.startCall !== undefined && !group.isOpenAt(since)) return; // see G13
  const hadRoom = placed(group, since) < limit;
  const { entered, name } = task;
  if (hadRoom) {
    if (entered === undefined) yield `${name} was never called, though ${group.name} had room for it`;
    else if (task.startCall === undefined && !isSynchronous(task, history)) yield `${name} was called (#${entered.seq}) only after spawn had returned`;
    return;
  }
  if (entered === undefined) {
    if (!isCutOff(task, group)) yield `${name} was never called, though nothing cancelled it`;
    return;
  }
  if (entered.seq === since + 1) return;
  // It waited in the queue: the cancellation of its group must have found it there, and no free place must have waited for it.
  const { felt } = group;
  const isCancelled = felt !== undefined && felt.seq < entered.seq && felt.at < entered.at;
  if (isCancelled && task.startCall === undefined) yield `${name} was called at #${entered.seq}, though it was queued when ${group.name} was cancelled (#${felt.seq})`;
  for (let moment = history.endOfMoment(since); moment < entered.seq; moment = history.endOfMoment(moment)) {
    if (placedRunning(group, moment) < limit) yield `${name} was not called at ${history.at(moment - 1)}, though there was room`;
  }
}

/** How many tasks can have been running when a moment ended. */
function placedRunning(group: Life, seq: number): number {
  return group.tasks.filter(({ entered, goneAt }) => entered !== undefined && entered.seq < seq && seq <= goneAt).length;
}

function isCutOff(task: Life, group: Life): boolean {
  return group.felt !== undefined || task.outcome?.status === "cancelled" || task.startCall !== undefined;
}

/** First come, first served. */
function* outOfTurn(group: Life): Generator<string> {
  const queued = group.tasks.filter(({ entered, opened }) => entered !== undefined && entered.seq > opened!.seq + 2);
  const called = [...queued].sort((a, b) => a.entered!.seq - b.entered!.seq);
  const wrong = called.findIndex((task, index) => index > 0 && task.opened!.seq < called[index - 1]!.opened!.seq);
  if (wrong > 0) yield `${called[wrong]!.name} was called after ${called[wrong - 1]!.name}, which came later`;
}

/** `trySpawn` gives nothing in a cancelled or full group, and calls nothing then. */
function* tried({ entries, lives }: History): Generator<string> {
  for (const entry of entries) {
    if (entry.is === "spawning" && (entry.how === "trySpawn" || entry.how === "admit")) {
      const [task, group] = [lives.get(entry.task)!, lives.get(entry.group)!];
      if (task.opened !== undefined && group.wasCancelledBefore(entry.seq)) yield `trySpawn started ${entry.task} in ${entry.group}, which was cancelled`;
      else if (task.opened !== undefined && task.entered === undefined) yield `trySpawn put ${entry.task} in the queue`;
    }
    if (entry.is !== "spawned" || !entry.result.ok || entry.result.value !== undefined) continue;
    const task = lives.get(entry.task)!;
    const { group } = task;
    if (task.entered !== undefined) yield `trySpawn gave nothing for ${task.name}, and called it`;
    const limit = group?.spec.kind === "group" ? (group.spec.concurrency ?? Infinity) : Infinity;
    if (group?.felt === undefined && placed(group!, entry.seq) < limit) yield `trySpawn gave nothing for ${task.name}, though ${group!.name} had room`;
  }
}
