/**
 * What shows itself to who looks into the program from outside: pools, and channels that were given a name.
 *
 * It is held weakly, and looked at only by who asks. Invariant: of `places`, at most half and a few are of what is gone.
 */
import type { Observed } from "../ports/probe.ts";

/** Who has a part of it, and since when, in ms of that scope's clock. */
export interface Holding {
  readonly scope: Observed | undefined;
  readonly since: number;
}

/** What can tell how it stands. */
export interface Visible {
  statistics(): object;
}

/** One of them, for the moment. */
export interface Shown {
  readonly kind: string;
  readonly name: string;
  readonly thing: Visible;
  readonly holders: readonly Holding[];
}

interface Place<T extends Visible = Visible> {
  readonly kind: string;
  readonly name: string;
  readonly thing: WeakRef<T>;
  readonly holdersOf: ((thing: T) => readonly Holding[]) | undefined;
}

const SLACK = 64;

let places: Place[] = [];
let sweepAt = SLACK;

/** Shows `thing` as long as somebody has it. Cost: a weak reference. */
export function show<T extends Visible>(kind: string, name: string, thing: T, holdersOf?: (thing: T) => readonly Holding[]): void {
  if (places.length >= sweepAt) {
    places = places.filter((place) => place.thing.deref() !== undefined);
    sweepAt = 2 * places.length + SLACK;
  }
  places.push({ kind, name, thing: new WeakRef(thing), holdersOf } as unknown as Place);
}

/** At most so many of what there is, the oldest first. */
function shown(most: number): Shown[] {
  const all: Shown[] = [];
  for (const { kind, name, thing, holdersOf } of places) {
    if (all.length >= most) break;
    const alive = thing.deref();
    if (alive !== undefined) all.push({ kind, name, thing: alive, holders: holdersOf?.(alive) ?? [] });
  }
  return all;
}

// Each copy of the library in the program has one, as it has a forest.
((globalThis as unknown as Record<symbol, unknown[] | undefined>)[Symbol.for("espalier.visible")] ??= []).push(shown);
