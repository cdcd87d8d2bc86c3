/**
 * One scope, task or cleanup of a program, with all that the trace has of it.
 *
 * What the trace cannot show exactly is kept as bounds. A scope has ended at the earliest when the last function in
 * it ended (`busyUntil`) and at the latest when its cleanups began or its call settled (`overAt`). Less than a moment
 * of the clock lies between them, and oracles demand something only of what is surely open or surely over.
 */
import type { Outcome } from "espalier";
import {
  type Branch,
  type CleanupSpec,
  type Combination,
  type GroupOpening,
  isCombination,
  type LimitedOpening,
  type Name,
  type TaskSpec,
} from "./program.ts";
import type { Entry, Fact } from "./trace.ts";

export type Told<K extends Fact["is"]> = Extract<Entry, { readonly is: K }>;
export type Spec =
  | GroupOpening
  | LimitedOpening
  | Combination
  | ({ readonly kind: "branch" } & Branch)
  | ({ readonly kind: "task" } & TaskSpec)
  | ({ readonly kind: "cleanup" } & CleanupSpec);

/** Work of the program's own that a combinator waits for. */
export interface Work<Begun extends Fact["is"], Ended extends Fact["is"]> {
  readonly begun: Told<Begun>;
  ended: Told<Ended> | undefined;
}

export class Life {
  readonly name: Name;
  readonly spec: Spec;
  /** Whose cancellation it obeys; `undefined` for the root. For a task being started, the caller's scope. */
  parent: Life | undefined;
  /** A task's group. */
  group: Life | undefined;
  /** Scopes that were opened in it, cleanups, the tasks of a group, and the functions of a combinator. */
  readonly children: Life[] = [];
  opened: Entry | undefined;
  /** Whose function opened it. */
  by: Name | undefined;
  entered: Told<"entered"> | undefined;
  left: Told<"left"> | undefined;
  settled: Told<"settled"> | undefined;
  /** For a task. */
  ended: Told<"ended"> | undefined;
  outcome: Outcome<unknown> | undefined;
  /** For a task that is being started: the call of `started()` that counted, and how `start` ended. */
  adopted: Told<"started"> | undefined;
  startCall: Told<"waiting"> | undefined;
  startWoke: Told<"woke"> | undefined;
  /** The cancellation, as it reached the scope first. */
  felt: Told<"felt"> | undefined;
  readonly reports: { readonly reported: Told<"reported">; handled: Told<"handled"> | undefined }[] = [];
  /** What a combinator asked its source for, and what it called its `discard` for. */
  readonly asks: Work<"asked", "answered">[] = [];
  readonly discards: Work<"discarding", "discarded">[] = [];
  /** Whether nobody awaits its call, so that only the end of its last moment tells when it was over. */
  forgotten = false;
  quietSince: number | undefined;

  constructor(name: Name, spec: Spec) {
    this.name = name;
    this.spec = spec;
  }

  get kind(): Spec["kind"] {
    return this.spec.kind;
  }

  get isTask(): boolean {
    return this.kind === "task";
  }

  get isBranch(): boolean {
    return this.kind === "branch";
  }

  get isCombination(): boolean {
    return isCombination(this.spec);
  }

  /** What errors call it: a combinator's scope has no name of its own, nor has a function of `map`. */
  get label(): Name {
    if (this.isBranch && this.parent!.kind === "map") return "map";
    return this.isCombination ? this.kind : this.name;
  }

  get isDaemon(): boolean {
    return this.spec.kind === "task" && this.spec.daemon;
  }

  /** Whether it is a task that never called `started()`: its end is its caller's matter. */
  get isCallers(): boolean {
    return this.startCall !== undefined && this.adopted === undefined;
  }

  get isShielded(): boolean {
    return this.kind === "shield" || this.kind === "cleanup";
  }

  get tasks(): Life[] {
    return this.children.filter(({ isTask }) => isTask);
  }

  get branches(): Life[] {
    return this.children.filter(({ isBranch }) => isBranch);
  }

  get scopes(): Life[] {
    return this.children.filter(({ kind }) => kind !== "task" && kind !== "cleanup");
  }

  get cleanups(): Life[] {
    return this.children.filter(({ kind }) => kind === "cleanup");
  }

  /** Whose cancellation it obeyed at that point: a task that is being started changes sides when it has started. */
  parentAt(seq: number): Life | undefined {
    return this.startCall === undefined || (this.adopted !== undefined && this.adopted.seq < seq) ? (this.group ?? this.parent) : this.parent;
  }

  /** Itself and what is around it, innermost first; the second list begins beyond the first shield. */
  around(seq: number): { readonly reached: Life[]; readonly beyond: Life[] } {
    const all = this.lineage(seq);
    const shield = all.findIndex(({ isShielded }) => isShielded);
    const border = shield < 0 ? all.length : shield + 1;
    return { reached: all.slice(0, border), beyond: all.slice(border) };
  }

  lineage(seq: number): Life[] {
    return [this, ...(this.parentAt(seq)?.lineage(seq) ?? [])];
  }

  /** The place in the order until which something in it surely runs. */
  get busyUntil(): number {
    if (this.isTask && this.entered === undefined) return this.opened?.seq ?? -1;
    const inside = this.children.filter(({ kind }) => kind !== "cleanup").map((child) => child.runsUntil);
    const reports = this.reports.map(({ handled }) => handled?.seq ?? Infinity);
    const discards = this.discards.map(({ ended }) => ended?.seq ?? Infinity);
    const own = this.isCombination ? this.opened!.seq : (this.left?.seq ?? Infinity);
    return Math.max(own, ...inside, ...reports, ...discards);
  }

  /** The place in the order until which something in it or its cleanups surely runs. */
  get runsUntil(): number {
    return Math.max(this.busyUntil, ...this.cleanups.map((cleanup) => (cleanup.entered === undefined ? 0 : cleanup.runsUntil)));
  }

  /** The place in the order from which on it has surely ended: its cleanups run then. */
  get overAt(): number {
    return Math.min(this.goneAt, ...this.cleanups.map(({ entered }) => entered?.seq ?? Infinity));
  }

  /** The place in the order from which on its call, or the task, has surely settled. */
  get goneAt(): number {
    if (this.isTask) return this.ended?.seq ?? (this.isCallers ? (this.startWoke?.seq ?? Infinity) : Infinity);
    if (this.kind === "cleanup") return this.parent?.goneAt ?? Infinity;
    return this.quietSince ?? this.settled?.seq ?? Infinity;
  }

  isOpenAt(seq: number): boolean {
    return this.opened !== undefined && this.opened.seq < seq && seq < this.busyUntil;
  }

  /** Whether a function in it, or a cleanup, was running then. */
  isRunningAt(seq: number): boolean {
    const isInside = this.entered !== undefined && this.entered.seq < seq && seq < (this.left?.seq ?? Infinity);
    return isInside || this.children.some((child) => child.isRunningAt(seq));
  }

  isOverAt(seq: number): boolean {
    return this.overAt < seq;
  }

  wasCancelledBefore(seq: number): boolean {
    return this.felt !== undefined && this.felt.seq < seq;
  }
}

