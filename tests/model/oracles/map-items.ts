import type { Life } from "../life.ts";
import { isCombination } from "../program.ts";
import type { History } from "../history.ts";
import type { Oracle } from "./oracle.ts";

/** Of the issue: backpressure. */
export const mapItems: Oracle = {
  guarantee: "G12",
  demands: "map never runs more than concurrency allows, asks for one item at a time and only when there is room, and closes what it does not finish",
  *check(history) {
    for (const call of history.lived) if (call.kind === "map") yield* problems(call, history);
  },
};

function* problems(call: Life, history: History): Generator<string> {
  const limit = (isCombination(call.spec) ? call.spec.concurrency : undefined) ?? Infinity;
  const { asks, branches, settled, name } = call;
  for (const branch of branches) {
    const running = runningAt(call, branch.entered!.seq) + 1;
    if (running > limit) yield `${running} functions of ${name} ran when ${branch.name} began`;
  }
  for (const [index, { begun }] of asks.entries()) {
    const previous = asks[index - 1]?.ended;
    if (runningAt(call, begun.seq) >= limit) yield `${name} asked for an item (#${begun.seq}) when there was no room`;
    if (index > 0 && (previous === undefined || previous.seq > begun.seq)) yield `${name} asked for two items at once (#${begun.seq})`;
    if (previous !== undefined && isLast(previous)) yield `${name} asked for an item (#${begun.seq}) when there were no more`;
  }
  const closings = history.of("closed").filter((entry) => entry.call === name).length;
  const end = asks.at(-1)?.ended;
  const isFinished = end !== undefined && isLast(end);
  // Where the call failed, the answer may have come too late, and one that was asked for nothing may be closed as well.
  const isOpen = settled?.result.ok === false && (isFinished || asks.length === 0);
  const isWrong = isOpen ? closings > 1 : closings !== (isFinished ? 0 : 1);
  if (settled !== undefined && isWrong) yield `${name} closed its source ${closings} times`;
}

/** Whether the source had nothing more to give, or failed. */
function isLast({ result }: NonNullable<Life["asks"][number]["ended"]>): boolean {
  return !result.ok || result.value === undefined;
}

/** How many functions surely ran at a place in the order. */
function runningAt({ branches }: Life, seq: number): number {
  return branches.filter(({ entered, busyUntil }) => entered!.seq < seq && seq < busyUntil).length;
}
