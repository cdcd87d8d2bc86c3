/** What debug mode keeps of each scope while it is alive: where it was started, and where it stood last. */
import type { Trace } from "../host/trace.ts";
import type { Observed, ObservedWait } from "../lowlevel.ts";
import type { ScopeNode } from "../scope/node.ts";
import { OpenedScope } from "../task/opened-scope.ts";
import { takeStack } from "./stacks.ts";

/** Of one of a burst there is none before it is needed. */
export interface Life {
  startedAt: Trace | undefined;
  /** Where the last one in it was started of which that is known. */
  childStartedAt: Trace | undefined;
  /** The last operation it waited in, or waits in. */
  stood: ObservedWait | undefined;
  /** How often its cancellation was thrown to it. */
  deliveries: number;
  /** To which operation the last time, and where that was called. */
  deliveredTo: string;
  deliveredAt: Trace | undefined;
}

/** Of those that wait; those of a burst are not there. */
const traces = new WeakMap<ObservedWait, Trace>();

export function begin(scope: Observed): void {
  const startedAt = takeStack();
  if (startedAt === undefined) return;
  lifeFor(scope).startedAt = startedAt;
  if (scope.owner !== undefined) lifeFor(scope.owner).childStartedAt = startedAt;
}

/** That of a scope that is alive. */
export function lifeFor(scope: Observed): Life {
  // A WeakMap of as many entries would cost more than all else.
  const rare = ((scope as ScopeNode).rare ??= {});
  return (rare.life ??= { startedAt: undefined, childStartedAt: undefined, stood: undefined, deliveries: 0, deliveredTo: "", deliveredAt: undefined }) as Life;
}

export function lifeOf(scope: Observed): Life | undefined {
  return (scope as ScopeNode).rare?.life as Life | undefined;
}

/** Where it was started; of one of a burst, where one beside it was. */
export function startOf(scope: Observed): string | undefined {
  const place = lifeOf(scope)?.startedAt?.place;
  if (place !== undefined || scope.owner === undefined) return place;
  const beside = lifeOf(scope.owner)?.childStartedAt?.place;
  return beside === undefined ? undefined : `${beside} (or near it: one of very many)`;
}

export function standAt(wait: ObservedWait): void {
  const at = takeStack();
  if (at !== undefined) traces.set(wait, at);
  const life = at === undefined ? lifeOf(functionOf(wait.scope)) : lifeFor(functionOf(wait.scope));
  if (life !== undefined) life.stood = wait;
}

/** The last operation that it waited in, and where that was called; of one of a burst, the one that it waits in now. */
export function standOf(scope: Observed): string | undefined {
  const { waits } = scope as ScopeNode;
  const [first] = (waits instanceof Set ? [...waits] : [waits]) as (ObservedWait | undefined)[];
  const stood = lifeOf(scope)?.stood ?? first;
  return stood === undefined ? undefined : placeOf(stood);
}

export function placeOf(wait: ObservedWait): string {
  return placed(wait.label, traceOf(wait));
}

export function traceOf(wait: ObservedWait): Trace | undefined {
  return traces.get(wait);
}

export function placed(label: string, at: Trace | undefined): string {
  const place = at?.place;
  return place === undefined ? label : `${label}, ${place}`;
}

/** The task in whose function it waits: a scope that a function opened is that function's. */
export function functionOf(scope: Observed): Observed {
  let at = scope;
  while (at instanceof OpenedScope && at.owner !== undefined) at = at.owner;
  return at;
}

/** From the root down. */
export function pathOf(scope: Observed): string[] {
  const path: string[] = [];
  for (let at: Observed | undefined = scope; at !== undefined; at = at.owner) path.unshift(at.name);
  return path;
}
