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
      if (label === "" && depth < DEEPEST) addRunning(item, item.inners.length - 1, since, next, now, segments, depth);
      else segments.push({ from: since, to: next, label });
    }
    since = next;
    label = steps[at]?.[1] ?? "";
    if (at >= steps.length) return;
  }
}

/** While its own function waits for nothing, it may be in a scope that it opened: of those up to `last`, in the one that was opened last. */
function addRunning(item: Item, last: number, from: number, to: number, now: number, segments: Segment[], depth: number): void {
  if (from >= to) return;
  for (let at = last; at >= 0; at--) {
    const inner = item.inners[at]!;
    const begin = Math.max(from, inner.seen.openedAt);
    const end = Math.min(to, inner.seen.endedAt ?? now);
    if (begin >= end) continue;
    addRunning(item, at - 1, from, begin, now, segments, depth);
    add(inner, begin, end, now, segments, depth + 1);
    addRunning(item, at - 1, end, to, now, segments, depth);
    return;
  }
  segments.push({ from, to, label: "" });
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
