/**
 * The tree of the page: which scope is in which, which siblings are equal, what the filter lets through. Kept up to date change by change,
 * since there may be 50,000 tasks: nothing here goes through all of them at once.
 *
 * Invariants
 *   1. An item is in one fold of its parent: the one of its digest, which tells its state, whether it is to be seen, and what is below.
 *   2. A parent's `bag`, `matching` and `tasksBelow` are the sums of what its children have given.
 *   3. `work` counts the steps that were taken; a change takes as many as there are scopes around it, at most.
 */
import { kindOfName } from "../../../../inspect/alike.ts";
import type { Picture, Seen, Viewer } from "../../../../inspect/watch/picture.ts";
import { digestOf, put, take, together } from "./digest.ts";
import { everything, type Filter, Sieve } from "./filter.ts";
import { type Fold, Folds, Item, MOST_SHOWN, NOTHING_GIVEN, type Place, taskOf } from "./item.ts";
import { type State, stateOf } from "./state.ts";

/** So many scopes that a function opened are remembered, of those that have ended. */
const MOST_INNERS = 50;

const root: Seen = { id: 0, name: "", kind: "forest", openedAt: 0, isOlder: false, parent: 0, waits: [], steps: [], stepsBefore: 0, stepsSkipped: 0, cause: undefined, cancelledAt: undefined, deadline: undefined, endedAt: undefined, outcome: undefined, error: undefined };

export class Tree implements Viewer {
  readonly top: Item = new Item(root);
  readonly items: Map<number, Item> = new Map();
  /** How many tasks are in which state. */
  readonly counts: Record<State, number> = { running: 0, waiting: 0, cancelling: 0, succeeded: 0, failed: 0, cancelled: 0 };
  /** Who waits for what, by the label of the operation: those that wait themselves, not those around. */
  readonly waiting: Map<string, Set<Item>> = new Map();
  work = 0;
  /** Raised whenever rows may look different. */
  version = 0;
  readonly #picture: Picture;
  #sieve = new Sieve(everything);
  /** Who holds something, by the last that was told, and of whom that has changed. */
  #holders = new Set<Item>();
  readonly #changedHolders = new Set<Item>();
  /** What is still to be looked at with the filter that there is now. */
  #unsifted: Iterator<Item> | undefined;

  constructor(picture: Picture) {
    this.#picture = picture;
    picture.view(this);
  }

  changed(seen: Seen): void {
    const item = this.items.get(seen.id) ?? this.#add(seen);
    if (item.parent !== this.#parentOf(seen)) this.#move(item);
    this.#update(item);
  }

  dropped(seen: Seen): void {
    const item = this.items.get(seen.id);
    if (item === undefined) return;
    this.items.delete(seen.id);
    this.#index(item, []);
    if (seen.kind === "task" && item.state !== undefined) this.counts[item.state]--;
    this.#detach(item);
    // Its children have ended, and are about to be dropped.
    for (const child of [...(item.folds?.byDigest.values() ?? [])].flatMap(({ members }) => [...members])) {
      this.#move(child);
      this.#update(child);
    }
    this.version++;
  }

  /** From now on; what is there is looked at by `sift`. */
  filter(filter: Filter): void {
    this.#sieve = new Sieve(filter);
    this.resift();
  }

  /** Looks at all again: for a filter that depends on the time. */
  resift(): void {
    this.#unsifted = this.items.values();
  }

  get isFiltered(): boolean {
    return !this.#sieve.isOpen;
  }

  get isTimed(): boolean {
    return this.#sieve.isTimed;
  }

  /** Whether there is still something to be looked at with the filter. */
  get isSifting(): boolean {
    return this.#unsifted !== undefined;
  }

  /** Sees who holds what now. It is brought up to date by `sift`. */
  hold(): void {
    const held = new Map<Item, Set<string>>();
    for (const { name, holders } of this.#picture.resources) {
      for (const { id } of holders) {
        const holder = this.items.get(id);
        if (holder === undefined) continue;
        const task = taskOf(holder);
        held.set(task, (held.get(task) ?? new Set()).add(name));
      }
    }
    for (const item of new Set([...this.#holders, ...held.keys()])) {
      const holds = [...(held.get(item) ?? [])];
      if (holds.join("|") === item.holds.join("|")) continue;
      item.holds = holds;
      this.#changedHolders.add(item);
    }
    this.#holders = new Set(held.keys());
  }

  /** Looks at some of what is there, with the filter: until so many steps were taken. */
  sift(steps: number): void {
    const until = this.work + steps;
    for (const item of this.#changedHolders) {
      if (this.work >= until) return;
      this.#changedHolders.delete(item);
      this.#update(item);
    }
    while (this.#unsifted !== undefined && this.work < until) {
      const next = this.#unsifted.next();
      if (next.done === true) this.#unsifted = undefined;
      else this.#update(next.value);
    }
  }

  #add(seen: Seen): Item {
    const item = new Item(seen);
    this.items.set(seen.id, item);
    return item;
  }

  #parentOf({ parent }: Seen): Item {
    return this.items.get(parent) ?? this.top;
  }

  #move(item: Item): void {
    this.#detach(item);
    const parent = this.#parentOf(item.seen);
    item.parent = parent;
    if (item.seen.kind === "task" || parent === this.top) return;
    parent.inners.push(item);
    // A loop may open one after the other.
    if (parent.inners.length > MOST_INNERS) parent.inners.splice(parent.inners.findIndex((inner) => !inner.isAlive), 1);
  }

  #detach(item: Item): void {
    const { parent } = item;
    if (parent === undefined) return;
    const at = parent.inners.indexOf(item);
    if (at !== -1) parent.inners.splice(at, 1);
    this.#leave(item, parent);
    this.#give(item, parent, NOTHING_GIVEN);
    item.parent = undefined;
    if (parent !== this.top) this.#update(parent);
  }

  /** Brings it and what is around it up to date, as far out as anything changes. */
  #update(item: Item): void {
    this.version++;
    for (let at = item; at !== this.top; at = at.parent!) {
      this.work++;
      const { parent } = at;
      if (parent === undefined) return;
      const wasWait = at.wait;
      const wasVia = at.via;
      this.#look(at);
      this.#file(at, parent);
      const tasks = at.tasksBelow + (at.seen.kind === "task" && at.isAlive ? 1 : 0);
      const isGivenAnew = this.#give(at, parent, { bag: at.isAlive ? at.digest : 0, matching: at.matching, tasks });
      const isInner = at.seen.kind !== "task";
      if (!isGivenAnew && !(isInner && (at.wait !== wasWait || at.via !== wasVia))) return;
    }
  }

  /** What it shows by itself. */
  #look(item: Item): void {
    const { seen } = item;
    this.#index(item, seen.waits);
    const inner = seen.waits.length === 0 && item.isAlive ? item.inner : undefined;
    item.wait = inner === undefined ? seen.waits.join(", ") : inner.wait;
    item.via = inner === undefined ? "" : inner.via === "" ? inner.seen.name : `${inner.seen.name} › ${inner.via}`;
    item.leaving = (item.isAlive ? item.cancelledInner?.seen.name : undefined) ?? "";
    const state = stateOf(seen, item.wait, item.leaving !== "");
    if (state !== item.state && seen.kind === "task") {
      if (item.state !== undefined) this.counts[item.state]--;
      this.counts[state]++;
    }
    item.state = state;
    const isMatch = this.#sieve.passes(item, this.#picture.at);
    item.matching += Number(isMatch) - Number(item.isMatch);
    item.isMatch = isMatch;
    const text = `${state}|${item.matching > 0}|${item.wait}|${item.via}|${item.leaving}|${item.holds.join()}`;
    if (text !== item.ownText) {
      item.ownText = text;
      item.own = digestOf(kindOfName(`${text}|${seen.kind}|${seen.name}|${seen.error ?? ""}`));
    }
    item.digest = together(item.own, item.bag);
  }

  #index(item: Item, waits: readonly string[]): void {
    if (waits === item.indexed) return;
    for (const label of item.indexed) {
      const waiting = this.waiting.get(label);
      if (waiting?.delete(item) === true && waiting.size === 0) this.waiting.delete(label);
    }
    for (const label of waits) {
      const waiting = this.waiting.get(label);
      if (waiting === undefined) this.waiting.set(label, new Set([item]));
      else waiting.add(item);
    }
    item.indexed = waits;
  }

  /** Lets the parent count what it gives, in place of what it gave; false where that is the same. */
  #give(item: Item, parent: Item, given: Item["given"]): boolean {
    const before = item.given;
    if (before.bag === given.bag && before.matching === given.matching && before.tasks === given.tasks) return false;
    if (before.bag !== 0) parent.bag = take(parent.bag, before.bag);
    if (given.bag !== 0) parent.bag = put(parent.bag, given.bag);
    parent.matching += given.matching - before.matching;
    parent.tasksBelow += given.tasks - before.tasks;
    item.given = given;
    return true;
  }

  /** Puts it with its equals. */
  #file(item: Item, parent: Item): void {
    const place: Place = item.matching === 0 ? "hidden" : item.isAlive ? "alive" : "ended";
    const folds = (parent.folds ??= new Folds());
    const { fold } = item;
    if (fold !== undefined && fold.digest === item.digest && fold.place === place) return;
    const equals = folds.byDigest.get(item.digest);
    if (fold?.members.size === 1 && equals === undefined) {
      // It stays where it is: a line that changes does not move.
      folds.byDigest.delete(fold.digest);
      if (fold.place !== place) folds[fold.place].delete(fold);
      fold.digest = item.digest;
      fold.place = place;
      folds.byDigest.set(fold.digest, fold);
      folds[place].add(fold);
      return;
    }
    this.#leave(item, parent);
    const target = equals ?? this.#newFold(folds, item.digest, place);
    target.members.add(item);
    item.fold = target;
  }

  #newFold(folds: Folds, digest: number, place: Place): Fold {
    const fold: Fold = { digest, place, members: new Set(), isOpen: false, most: MOST_SHOWN };
    folds.byDigest.set(digest, fold);
    folds[place].add(fold);
    return fold;
  }

  #leave(item: Item, { folds }: Item): void {
    const { fold } = item;
    if (fold === undefined || folds === undefined) return;
    fold.members.delete(item);
    item.fold = undefined;
    if (fold.members.size > 0) return;
    folds.byDigest.delete(fold.digest);
    folds[fold.place].delete(fold);
  }
}
