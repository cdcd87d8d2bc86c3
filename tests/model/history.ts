/** A run, sorted by what it is about: the lives in it, and the operations that waited. */
import { CancelledError, MisuseError } from "espalier";
import type { Run } from "./interpret.ts";
import { Life, type Spec, type Told } from "./life.ts";
import { type Block, blocksOf, isCombination, type Name, type Program } from "./program.ts";
import type { Entry, Fact } from "./trace.ts";

export class History {
  readonly run: Run;
  readonly program: Program;
  readonly entries: readonly Entry[];
  readonly lives: ReadonlyMap<Name, Life>;
  readonly root: Life;
  /** What the signal from outside stands for: a scope around the root. */
  readonly outside: Life;
  readonly waits: readonly Waited[];
  readonly #byKind = new Map<Fact["is"], readonly Entry[]>();

  constructor(run: Run) {
    this.run = run;
    this.program = run.program;
    this.entries = run.entries;
    const lives = new Map<Name, Life>();
    plan([{ do: "open", opening: run.program.root }], lives);
    this.lives = lives;
    this.root = lives.get(run.program.root.name)!;
    this.waits = sort(run, lives);
    this.outside = this.root.parent = this.#outside();
    for (const life of this.lived) if (life.forgotten || life.isBranch) life.quietSince = this.endOfMoment(life.runsUntil);
  }

  #outside(): Life {
    const outside = new Life("outside", { kind: "moveOnAfter", name: "outside", ms: Infinity, body: [] });
    outside.opened = { ...this.entries[0]!, seq: -1 };
    const aborting = this.program.signal ? this.of("aborting")[0] : undefined;
    if (aborting !== undefined) outside.felt = { is: "felt", scope: outside.name, cause: this.#signalled()!, seq: aborting.seq, at: aborting.at };
    return outside;
  }

  /** The cancellation by the signal, as far as anybody saw it. */
  #signalled(): CancelledError | undefined {
    const { felt, settled } = this.root;
    if (felt?.cause.source === "signal") return felt.cause;
    const thrown = settled?.result.ok === false ? settled.result.error : undefined;
    return thrown instanceof CancelledError && thrown.source === "signal" ? thrown : undefined;
  }

  /** The entries of one kind, in order. */
  of<K extends Fact["is"]>(is: K): readonly Told<K>[] {
    let entries = this.#byKind.get(is) as readonly Told<K>[] | undefined;
    if (entries === undefined) this.#byKind.set(is, (entries = this.entries.filter((entry): entry is Told<K> => entry.is === is)));
    return entries;
  }

  life(name: Name): Life {
    return this.lives.get(name)!;
  }

  /** Those that came to be. */
  get lived(): Life[] {
    return [...this.lives.values()].filter(({ opened }) => opened !== undefined);
  }

  /** When the entry at that place in the order was made. */
  at(seq: number): number {
    return this.entries[Math.min(seq, this.entries.length - 1)]!.at;
  }

  /** The first place in the order that belongs to the same moment. */
  startOfMoment(seq: number): number {
    return this.entries.findIndex(({ at }) => at === this.at(seq));
  }

  /** The first place in the order that belongs to a later moment. */
  endOfMoment(seq: number): number {
    const { length } = this.entries;
    if (seq >= length) return Infinity;
    let next = seq;
    while (next < length && this.at(next) === this.at(seq)) next++;
    return next < length ? next : Infinity;
  }
}

/** A library operation of the program, from its beginning to its end. */
export interface Waited {
  readonly begun: Told<"waiting">;
  readonly scope: Life;
  woke: Told<"woke"> | undefined;
}

/** Makes the lives of a block, all of them still unlived. */
function plan(block: Block, lives: Map<Name, Life>): void {
  const add = (spec: Spec, forgotten = false): void => {
    const life = new Life(spec.name, spec);
    life.forgotten = forgotten;
    lives.set(spec.name, life);
    if (!isCombination(spec)) return;
    for (const branch of spec.branches) {
      add({ kind: "branch", ...branch });
      lives.get(branch.name)!.parent = life;
    }
  };
  for (const step of block) {
    if (step.do === "open") add(step.opening);
    else if (step.do === "forget") add(step.opening, true);
    else if (step.do === "together") for (const opening of step.openings) add(opening);
    else if (step.do === "spawn" || step.do === "trySpawn" || step.do === "admit" || step.do === "start") add({ kind: "task", ...step.task });
    else if (step.do === "defer") add({ kind: "cleanup", ...step.cleanup });
    for (const inner of blocksOf(step)) plan(inner, lives);
  }
}

/** Gives each entry to the life that it belongs to. */
function sort(run: Run, lives: ReadonlyMap<Name, Life>): Waited[] {
  const waits = new Map<number, Waited>();
  const life = (name: Name): Life => lives.get(name)!;
  for (const entry of run.entries) {
    switch (entry.is) {
      case "opened":
        born(life(entry.scope), entry, entry.parent === undefined ? undefined : life(entry.parent));
        life(entry.scope).by = entry.by;
        break;
      case "deferred":
        if (entry.refused === undefined) born(life(entry.cleanup), entry, life(entry.scope));
        break;
      case "spawning": {
        const task = life(entry.task);
        task.group = life(entry.group);
        born(task, entry, entry.caller === undefined ? task.group : life(entry.caller), task.group);
        break;
      }
      case "spawned":
        // Refused, or `trySpawn` gave nothing: it never was a task.
        if (!entry.result.ok || entry.result.value === undefined) unborn(life(entry.task));
        break;
      case "entered":
        if (life(entry.scope).isBranch) born(life(entry.scope), entry, life(entry.scope).parent);
        life(entry.scope).entered ??= entry;
        break;
      case "left":
      case "settled":
        (life(entry.scope)[entry.is] as Entry | undefined) ??= entry;
        break;
      case "felt":
        // Of a cleanup's scope the name is the only thing that a probe tells: another library might not give it.
        if (lives.has(entry.scope)) feel(life(entry.scope), entry);
        break;
      case "ended":
        if (lives.has(entry.task)) life(entry.task).ended ??= entry;
        break;
      case "started": {
        const task = life(entry.task);
        if (entry.refused === undefined && !task.wasCancelledBefore(entry.seq)) task.adopted ??= entry;
        break;
      }
      case "reported":
        life(entry.group).reports.push({ reported: entry, handled: undefined });
        break;
      case "handled": {
        const report = life(entry.group).reports.find(({ reported, handled }) => reported.task === entry.task && handled === undefined);
        if (report !== undefined) report.handled = entry;
        break;
      }
      case "asked":
        life(entry.call).asks.push({ begun: entry, ended: undefined });
        break;
      case "answered":
        life(entry.call).asks.find(({ begun }) => begun.seq === entry.asked)!.ended = entry;
        break;
      case "discarding":
        life(entry.call).discards.push({ begun: entry, ended: undefined });
        break;
      case "discarded":
        life(entry.call).discards.find(({ begun }) => begun.seq === entry.discarding)!.ended = entry;
        break;
      case "waiting":
        waits.set(entry.seq, { begun: entry, scope: life(entry.scope), woke: undefined });
        if (entry.step.for === "start") life(entry.step.task).startCall = entry;
        break;
      case "woke": {
        const wait = waits.get(entry.wait)!;
        wait.woke = entry;
        if (wait.begun.step.for === "start") startEnded(life(wait.begun.step.task), entry);
        break;
      }
      default:
    }
  }
  for (const [name, outcome] of run.outcomes) life(name).outcome = outcome;
  return [...waits.values()];
}

/** What its functions feel shows that a combinator was cancelled: they cannot be cancelled by themselves. */
function feel(life: Life, felt: Told<"felt">): void {
  life.felt ??= felt;
  if (life.isBranch) life.parent!.felt ??= felt;
}

function born(life: Life, opened: Entry, parent: Life | undefined, owner: Life | undefined = parent): void {
  life.opened = opened;
  life.parent = parent;
  owner?.children.push(life);
}

function startEnded(task: Life, woke: Told<"woke">): void {
  task.startWoke = woke;
  const isRefused = !woke.result.ok && woke.result.error instanceof MisuseError && woke.result.error.code === "SCOPE_ENDED";
  if (isRefused && task.entered === undefined) unborn(task);
}

function unborn(life: Life): void {
  life.opened = undefined;
  const siblings = life.group!.children;
  siblings.splice(siblings.indexOf(life), 1);
}
