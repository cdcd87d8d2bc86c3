/** What debug mode keeps of each scope while it is alive: where it was started, and where it stood last. */
import { Trace } from "../host/trace.ts";
import type { Observed, ObservedWait } from "../lowlevel.ts";
import { OpenedScope } from "../task/opened-scope.ts";

export interface Life {
  readonly startedAt: Trace;
  /** The last operation it waited in, or waits in. */
  stood: { readonly label: string; readonly at: Trace } | undefined;
  /** How often its cancellation was thrown to it. */
  deliveries: number;
  /** Where that was the last time. */
  deliveredAt: { readonly label: string; readonly at: Trace } | undefined;
}

const lives = new WeakMap<Observed, Life>();
const waits = new WeakMap<ObservedWait, Trace>();

export function begin(scope: Observed): void {
  lives.set(scope, { startedAt: Trace.ofCaller(), stood: undefined, deliveries: 0, deliveredAt: undefined });
}

/** `undefined` for what was started before debug mode was on. */
export function lifeOf(scope: Observed): Life | undefined {
  return lives.get(scope);
}

export function standAt(wait: ObservedWait): void {
  const at = Trace.ofCaller();
  waits.set(wait, at);
  const life = lives.get(functionOf(wait.scope));
  if (life !== undefined) life.stood = { label: wait.label, at };
}

export function placeOf(wait: ObservedWait): string | undefined {
  return placed(wait.label, waits.get(wait));
}

export function placed(label: string, at: Trace | undefined): string | undefined {
  const place = at?.place;
  return place === undefined ? undefined : `${label}, ${place}`;
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
