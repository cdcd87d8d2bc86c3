/** A scope or task in the tree of the page, and those of its siblings that are equal to it. */
import type { Seen } from "../../../../inspect/watch/picture.ts";
import type { State } from "./state.ts";

/** Where the children of an item are: those that are alive, those that have ended, and those that the filter hides. */
export type Place = "alive" | "ended" | "hidden";

/** Siblings that are equal, with all that is below them: one line. */
export interface Fold {
  digest: number;
  place: Place;
  /** Who has been like this for longest first. */
  readonly members: Set<Item>;
  /** Its members are shown one by one. */
  isOpen: boolean;
  /** So many of them. */
  most: number;
}

/** The children of an item, in folds. */
export class Folds {
  readonly alive: Set<Fold> = new Set();
  readonly ended: Set<Fold> = new Set();
  readonly hidden: Set<Fold> = new Set();
  readonly byDigest: Map<number, Fold> = new Map();
  /** So many of them are shown. */
  most: number = MOST_SHOWN;
}

export const MOST_SHOWN = 200;

export class Item {
  readonly seen: Seen;
  parent: Item | undefined = undefined;
  fold: Fold | undefined = undefined;
  folds: Folds | undefined = undefined;
  /** What its function waits for, be it in a scope that it opened. */
  wait = "";
  /** The name of that scope. */
  via = "";
  /** The name of a scope that it opened, that was cancelled, and that it has not left. */
  leaving = "";
  state: State | undefined = undefined;
  /** The names of what it holds, by the last that was told. */
  holds: readonly string[] = [];
  /** Of its waits, those under which it is to be found. */
  indexed: readonly string[] = [];
  /** Of what it shows by itself, and what that was made of. */
  own = 0;
  ownText = "";
  /** Of it with what is below. */
  digest = 0;
  /** Of the children that are alive. */
  bag = 0;
  isMatch = false;
  /** How many match, it and those below. */
  matching = 0;
  /** How many tasks are alive below it. */
  tasksBelow = 0;
  /** The scopes that its function opened, in the order of opening. */
  readonly inners: Item[] = [];
  /** Whether its children are shown, once somebody has said so. */
  isOpen: boolean | undefined = undefined;
  /** What its parent has counted of it. */
  given: { readonly bag: number; readonly matching: number; readonly tasks: number } = NOTHING_GIVEN;

  constructor(seen: Seen) {
    this.seen = seen;
  }

  get isAlive(): boolean {
    return this.seen.endedAt === undefined;
  }

  /** The scope that it opened, that was cancelled, and that it has not left. */
  get cancelledInner(): Item | undefined {
    return this.inners.find(({ isAlive, seen }) => isAlive && seen.cancelledAt !== undefined);
  }

  /** The scope that its function is in. */
  get inner(): Item | undefined {
    return this.inners.findLast((inner) => inner.isAlive);
  }

  /** It has been as it is for longer than anybody has watched. */
  get isSinceBefore(): boolean {
    const { seen } = this;
    if (seen.waits.length === 0 && this.inner !== undefined) return this.inner.isSinceBefore;
    return seen.isOlder && this.isAlive && this.since === seen.openedAt;
  }

  /** Since when it is as it is, by the clock of the program. */
  get since(): number {
    const { seen } = this;
    if (seen.endedAt !== undefined) return seen.endedAt;
    if (seen.waits.length === 0 && this.inner !== undefined) return this.inner.since;
    return Math.max(seen.steps.at(-1)?.[0] ?? seen.openedAt, seen.cancelledAt ?? 0);
  }
}

export const NOTHING_GIVEN = { bag: 0, matching: 0, tasks: 0 };

/** The task in which an item lies, else itself. */
export function taskOf(item: Item): Item {
  for (let at: Item | undefined = item; at !== undefined; at = at.parent) if (at.seen.kind === "task") return at;
  return item;
}
