/** What a lane shows: what a function did, and waited for, from when to when. */
import type { Item } from "../model/item.ts";

export interface Segment {
  readonly from: number;
  readonly to: number;
  /** What it waited for; "" while it ran. */
  readonly label: string;
}

/** How deep scopes within scopes are followed. */
const DEEPEST = 6;

/** Those of an item between two moments, in order, without gaps: what it waited for in a scope that it opened is its own wait. */
export function segmentsOf(item: Item, from: number, to: number, now: number): Segment[] {
  const segments: Segment[] = [];
  add(item, from, to, now, segments, 0);
  return segments;
}

function add(item: Item, from: number, to: number, now: number, segments: Segment[], depth: number): void {
  const { steps, stepsBefore, openedAt, endedAt = now } = item.seen;
  // Of what was before the steps that are kept nothing is known.
  const begin = Math.max(from, stepsBefore > 0 ? steps[0]![0] : openedAt);
  const end = Math.min(to, endedAt);
  if (begin >= end) return;
  let at = firstAfter(steps, begin);
  let label = at === 0 ? "" : steps[at - 1]![1];
  for (let since = begin; since < end; at++) {
    const next = Math.min(end, steps[at]?.[0] ?? end);
    if (next > since) {
      if (label === "" && depth < DEEPEST) addRunning(item, since, next, now, segments, depth);
      else segments.push({ from: since, to: next, label });
    }
    since = next;
    label = steps[at]?.[1] ?? "";
    if (at >= steps.length) return;
  }
}

/** While its own function waits for nothing, it may be in a scope that it opened. */
function addRunning(item: Item, from: number, to: number, now: number, segments: Segment[], depth: number): void {
  let since = from;
  for (const inner of item.inners) {
    const { openedAt, endedAt = now } = inner.seen;
    if (endedAt <= since) continue;
    if (openedAt >= to) break;
    if (openedAt > since) segments.push({ from: since, to: openedAt, label: "" });
    add(inner, Math.max(since, openedAt), Math.min(to, endedAt), now, segments, depth + 1);
    since = Math.min(to, endedAt);
    if (since >= to) return;
  }
  segments.push({ from: since, to, label: "" });
}

/** The index of the first step after a moment. */
function firstAfter(steps: readonly (readonly [number, string])[], moment: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]![0] > moment) high = middle;
    else low = middle + 1;
  }
  return low;
}
