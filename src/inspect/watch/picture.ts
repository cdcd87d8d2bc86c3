/**
 * What is known of a watched program: its scopes and tasks, those that run and the last of those that have ended, and what they waited for
 * when. Put together from batches, by who watches and by the page alike: nothing of a platform is in it.
 *
 * Invariants
 *   1. A scope is known from its first change to its dropping; ended ones are dropped when there are more than `ended`, the first first.
 *   2. The parent of what is known is known, or is 0: it ends later, and is dropped later.
 *   3. Of each, the last `steps` steps are kept.
 */
import type { Batch, CauseLink, Change, Delay, Outcome, Places, Resource, Step } from "./wire.ts";

/** A scope or task, as far as it is known. */
export interface Seen {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly openedAt: number;
  readonly isOlder: boolean;
  parent: number;
  waits: readonly string[];
  /** The oldest first. */
  readonly steps: Step[];
  /** So many steps came before these and are not kept. */
  stepsBefore: number;
  /** So many more were left out by who told of them, where a step says so. */
  stepsSkipped: number;
  cause: number | undefined;
  cancelledAt: number | undefined;
  deadline: number | undefined;
  endedAt: number | undefined;
  outcome: Outcome | undefined;
  error: string | undefined;
}

export interface Limits {
  readonly ended: number;
  readonly steps: number;
}

/** Who is told of what becomes of a picture. */
export interface Viewer {
  changed(seen: Seen): void;
  dropped(seen: Seen): void;
}

const usual: Limits = { ended: 10_000, steps: 200 };
const WARNINGS = 200;
const DELAYS = 600;
const CAUSES = 10_000;

export class Picture {
  readonly seen: Map<number, Seen> = new Map();
  readonly causes: Map<number, readonly CauseLink[]> = new Map();
  /** The places that were asked for, the last to come last. */
  readonly places: Map<number, Places> = new Map();
  readonly warnings: { readonly at: number; readonly text: string }[] = [];
  /** How late the event loop was, the last times. */
  readonly delays: Delay[] = [];
  resources: readonly Resource[] = [];
  /** By the clock of the program: now, and when the first of what is known began. */
  at = 0;
  began: number = Infinity;
  behind = 0;
  /** How many began and ended unseen. */
  missed = 0;
  alive = 0;
  readonly #limits: Limits;
  readonly #ended: Set<Seen> = new Set();
  readonly #viewers: Set<Viewer> = new Set();

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...usual, ...limits };
  }

  view(viewer: Viewer): Disposable {
    this.#viewers.add(viewer);
    return { [Symbol.dispose]: () => void this.#viewers.delete(viewer) };
  }

  apply(batch: Batch): void {
    this.note(batch);
    for (const change of batch.changes) this.merge(change);
  }

  /** All of a batch but its changes. */
  note({ at, behind, missed, causes, delays = [], resources, places = [], warnings = [] }: Omit<Batch, "changes">): void {
    this.at = at;
    this.behind = behind;
    this.missed += missed;
    for (const [key, chain] of causes) this.causes.set(key, chain);
    forgetFirst(this.causes, CAUSES);
    this.delays.push(...delays);
    if (this.delays.length > DELAYS) this.delays.splice(0, this.delays.length - DELAYS);
    if (resources !== undefined) this.resources = resources;
    for (const place of places) this.places.set(place.id, place);
    forgetFirst(this.places, WARNINGS);
    this.warnings.push(...warnings);
    if (this.warnings.length > WARNINGS) this.warnings.splice(0, this.warnings.length - WARNINGS);
  }

  merge(change: Change): void {
    const seen = this.seen.get(change.id) ?? this.#first(change);
    const wasAlive = seen.endedAt === undefined;
    const { parent = seen.parent, waits = seen.waits, cause = seen.cause, cancelledAt = seen.cancelledAt, steps = [], skipped = 0 } = change;
    seen.parent = parent;
    seen.waits = waits;
    seen.cause = cause;
    seen.cancelledAt ??= cancelledAt;
    seen.deadline = change.deadline;
    seen.steps.push(...steps);
    const tooMany = seen.steps.length - this.#limits.steps;
    if (tooMany > 0) seen.steps.splice(0, tooMany);
    seen.stepsBefore += Math.max(0, tooMany);
    seen.stepsSkipped += skipped;
    if (wasAlive && change.endedAt !== undefined) this.#end(seen, change);
    for (const viewer of this.#viewers) viewer.changed(seen);
    this.#dropFirst();
  }

  #first({ id, name = "?", kind = "task", openedAt = this.at, isOlder = false }: Change): Seen {
    const seen: Seen = {
      id,
      name,
      kind,
      openedAt,
      isOlder,
      parent: 0,
      waits: [],
      steps: [],
      stepsBefore: 0,
      stepsSkipped: 0,
      cause: undefined,
      cancelledAt: undefined,
      deadline: undefined,
      endedAt: undefined,
      outcome: undefined,
      error: undefined,
    };
    this.seen.set(id, seen);
    this.began = Math.min(this.began, openedAt);
    this.alive++;
    return seen;
  }

  #end(seen: Seen, { endedAt, outcome, error }: Change): void {
    seen.endedAt = endedAt;
    seen.outcome = outcome ?? "succeeded";
    seen.error = error;
    seen.waits = [];
    this.alive--;
    this.#ended.add(seen);
  }

  #dropFirst(): void {
    if (this.#ended.size <= this.#limits.ended) return;
    const [first] = this.#ended as Set<Seen> & [Seen];
    this.#ended.delete(first);
    this.seen.delete(first.id);
    for (const viewer of this.#viewers) viewer.dropped(first);
  }
}

function forgetFirst(map: Map<number, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
