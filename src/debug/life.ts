/** What debug mode keeps of each scope while it is alive: where it was started, and where it stood last. */
import type { Trace } from "../host/trace.ts";
import type { Observed, ObservedWait } from "../lowlevel.ts";
import { ScopeNode } from "../scope/node.ts";
import { OpenedScope } from "../task/opened-scope.ts";
import { takeStack } from "./stacks.ts";

export interface Life {
  /** `undefined` for one of a burst. */
  readonly startedAt: Trace | undefined;
  /** Where the last one in it was started of which that is known. */
  childStartedAt: Trace | undefined;
  /** The last operation it waited in, or waits in. */
  stood: ObservedWait | undefined;
  /** How often its cancellation was thrown to it. */
  deliveries: number;
  /** Where that was the last time. */
  deliveredAt: { readonly label: string; readonly at: Trace | undefined } | undefined;
}

/** Of those that wait; those of a burst are not there. */
const waits = new WeakMap<ObservedWait, Trace>();

export function begin(scope: Observed): void {
  const startedAt = takeStack();
  const life: Life = { startedAt, childStartedAt: undefined, stood: undefined, deliveries: 0, deliveredAt: undefined };
  // A WeakMap of as many entries would cost more than all else.
  ((scope as ScopeNode).rare ??= {}).life = life;
  const owner = startedAt === undefined || scope.owner === undefined ? undefined : lifeOf(scope.owner);
  if (owner !== undefined) owner.childStartedAt = startedAt;
}

/** `undefined` for what was started before debug mode was on. */
export function lifeOf(scope: Observed): Life | undefined {
  return scope instanceof ScopeNode ? (scope.rare?.life as Life | undefined) : undefined;
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
  if (at !== undefined) waits.set(wait, at);
  const life = lifeOf(functionOf(wait.scope));
  if (life !== undefined) life.stood = wait;
}

/** The last operation that it waited in, and where that was called. */
export function standOf(scope: Observed): string | undefined {
  const stood = lifeOf(scope)?.stood;
  return stood === undefined ? undefined : placeOf(stood);
}

export function placeOf(wait: ObservedWait): string {
  return placed(wait.label, traceOf(wait));
}

export function traceOf(wait: ObservedWait): Trace | undefined {
  return waits.get(wait);
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
