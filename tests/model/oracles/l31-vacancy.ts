import type { History, Waited } from "../history.ts";
import type { Life } from "../life.ts";
import type { Name } from "../program.ts";
import type { Oracle } from "./oracle.ts";

export const vacancy: Oracle = {
  guarantee: "L31",
  demands: "vacancy() waits until there is room and no longer; whoever spawns then has the place, if no other spawn took it",
  *check(history) {
    for (const wait of history.waits) if (wait.begun.step.for === "room") yield* problems(wait, history.life(wait.begun.step.group), history);
    yield* overgranted(history);
  },
};

function* problems({ begun, woke }: Waited, group: Life, history: History): Generator<string> {
  const limit = limitOf(group);
  const wait = `wait #${begun.seq} for room in ${group.name}`;
  if (woke?.result.ok === true) {
    const since = history.startOfMoment(woke.seq);
    const hadRoom = history.entries.slice(since, woke.seq + 1).some(({ seq }) => running(group, seq) < limit);
    if (!hadRoom) yield `${wait} ended (#${woke.seq}) when there was none`;
  }
  for (let moment = history.endOfMoment(begun.seq); moment <= (woke?.seq ?? -1); moment = history.endOfMoment(moment)) {
    if (placed(group, moment) < limit) yield `${wait} went on at ${history.at(moment - 1)}, though there was some`;
  }
}

/** Of those that wait, as many are told as there are places. */
function* overgranted(history: History): Generator<string> {
  for (const { task, result, seq, at } of history.of("spawned")) {
    if (!result.ok || result.value !== undefined || !hasWaited(task, history)) continue;
    const group = history.life(history.of("spawning").find((one) => one.task === task)!.group);
    const since = history.startOfMoment(seq);
    const comers = group.tasks.filter(({ entered }) => entered !== undefined && since <= entered.seq && entered.seq < seq);
    const isTaken = comers.some(({ name }) => !hasWaited(name, history));
    const isCancelled = group.felt !== undefined && group.felt.at <= at;
    if (!isCancelled && !isTaken) yield `${task} was promised a place in ${group.name}, and another one that waited got it`;
  }
}

/** Whether it was spawned by one that had waited for room, into a later moment. */
function hasWaited(task: Name, { waits }: History): boolean {
  return waits.some(({ begun, woke }) => begun.step.for === "room" && begun.step.task === task && begun.at < (woke?.at ?? 0));
}

function limitOf({ spec }: Life): number {
  return spec.kind === "group" ? (spec.concurrency ?? Infinity) : Infinity;
}

/** How many tasks surely ran at a place in the order. */
function running(group: Life, seq: number): number {
  return group.tasks.filter(({ entered, busyUntil }) => entered !== undefined && entered.seq <= seq && seq < busyUntil).length;
}

/** How many tasks can have been running when a moment ended. */
function placed(group: Life, seq: number): number {
  return group.tasks.filter(({ entered, goneAt }) => entered !== undefined && entered.seq < seq && seq <= goneAt).length;
}
