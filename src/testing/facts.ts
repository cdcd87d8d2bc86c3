/** One probe for all test clocks: each hears what happens in the trees that live in its time. */
import type { Clock } from "../ports/clock.ts";
import type { Observed, ObservedWait } from "../ports/probe.ts";
import type { ScopeNode } from "../scope/node.ts";
import { attachProbe } from "../scope/watch.ts";

/** Called at each fact; `more` is 1 for a scope that opened, -1 for one that ended, else 0. */
export type Listener = (more: number) => void;

const listeners = new WeakMap<Clock, Set<Listener>>();
let isAttached = false;

/** Calls `listener` at each fact of a tree on `clock`, until the returned function is called. */
export function listen(clock: Clock, listener: Listener): () => void {
  if (!isAttached) attach();
  const heard = listeners.get(clock) ?? new Set();
  listeners.set(clock, heard.add(listener));
  return () => void heard.delete(listener);
}

function attach(): void {
  isAttached = true;
  const tell = (scope: Observed, more: number): void => {
    // Every scope that a probe is told of is a node of the tree.
    for (const listener of listeners.get((scope as ScopeNode).clock) ?? []) listener(more);
  };
  const ofWait = ({ scope }: ObservedWait): void => tell(scope, 0);
  attachProbe({
    opened: (scope) => tell(scope, 1),
    ended: (scope) => tell(scope, -1),
    cancelled: (scope) => tell(scope, 0),
    parked: ofWait,
    unparked: ofWait,
  });
}
