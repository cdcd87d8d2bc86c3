/**
 * Writes the program of a seed.
 *
 * Every program ends: sleeps are finite, promises are settled by actors, and whatever may wait for something
 * else (`forever`, joins, handshakes) waits where the cancellation of the root reaches it, which comes in the end. Two
 * moods: on a coarse grid of times much happens at the same moment, on the fine one hardly anything does.
 */
import type {
  Act,
  Actor,
  Block,
  Branch,
  CleanupSpec,
  Combination,
  GroupOpening,
  LimitedOpening,
  Name,
  Opening,
  Program,
  Reaction,
  Reporter,
  Source,
  Step,
  TaskSpec,
  Thrown,
} from "./program.ts";
import { Random } from "./random.ts";

/** No program has more steps. */
const LARGEST = 60;

/** Where in the program a step is written. */
interface Place {
  /** The scopes of this function and of those that await it, the innermost last. */
  readonly stack: readonly Name[];
  /** About how many steps may be written here, those inside others included. */
  readonly room: number;
  /** Whether the cancellation of the root reaches it. */
  readonly reachable: boolean;
  /** Whether it is in a task that is being started. */
  readonly starting?: boolean;
}

/** A group that is there to be named. */
interface Known {
  readonly name: Name;
  readonly reachable: boolean;
  readonly mayBeFull: boolean;
}

type Kind = Step["do"];

const ORDINARY: Partial<Record<Kind, number>> = {
  sleep: 9,
  checkpoint: 3,
  deaf: 4,
  wait: 4,
  throw: 3,
  open: 9,
  together: 2.5,
  forget: 1,
  spawn: 9,
  trySpawn: 1,
  vacancy: 1,
  admit: 3,
  start: 3,
  cancel: 4,
  reschedule: 1.5,
  fulfil: 0.5,
  join: 4,
  settled: 1,
  try: 7,
  finally: 5,
  defer: 2,
  onCancel: 1,
  look: 2,
  forever: 2.5,
};
const NEEDS_GROUPS: readonly Kind[] = ["spawn", "trySpawn", "admit", "start", "vacancy"];
const WAITS_FOR_OTHERS: readonly Kind[] = ["forever", "join", "settled", "vacancy", "admit", "start"];
const HAS_OTHERS_INSIDE: readonly Kind[] = ["open", "together", "forget", "try", "finally", "defer", "spawn", "trySpawn", "admit", "start"];

export function generate(seed: number): Program {
  return new Author(new Random(seed)).program();
}

/** When a call that nobody awaits is over shows only where all that it does is the program's own: see `Life.quietSince`. */
function plain(opening: Opening): Opening {
  return opening.kind === "map" ? { ...opening, source: undefined } : opening;
}

class Author {
  readonly #random: Random;
  readonly #grid: number;
  #left = LARGEST;
  #numbers = 0;
  readonly #groups: Known[] = [];
  readonly #tasks: Name[] = [];
  readonly #scopes: Name[] = [];
  readonly #promises: Name[] = [];
  readonly #actors: Actor[] = [];

  constructor(random: Random) {
    this.#random = random;
    this.#grid = random.chance(0.4) ? 10 : 1;
  }

  program(): Program {
    const random = this.#random;
    const signal = random.chance(0.3);
    const watch = random.chance(0.5) ? "probe" : "handlers";
    const nowhere: Place = { stack: [], room: random.int(6, 40), reachable: true };
    const root = random.chance(0.7) ? this.#group(nowhere) : this.#limited(random.pick(["failAfter", "moveOnAfter"]), nowhere);
    for (let more = Number(random.weighted({ 0: 3, 1: 4, 2: 2, 3: 1 })); more > 0; more--) this.#actors.push({ at: this.#time(), acts: this.#acts() });
    if (signal) this.#actors.push({ at: random.chance(0.1) ? 0 : this.#time(), acts: [{ do: "abort" }] });
    return { root, signal, watch, actors: this.#actors };
  }

  #name(letter: string): Name {
    return `${letter}${++this.#numbers}`;
  }

  #time(): number {
    return this.#grid * this.#random.int(1, this.#grid === 1 ? 90 : 9);
  }

  #limit(): number {
    return Number(this.#random.weighted({ [Infinity]: 3, 0: 0.6, [-5]: 0.2, [this.#time()]: 6 }));
  }

  #acts(): Act[] {
    return Array.from({ length: Number(this.#random.weighted({ 1: 6, 2: 3, 3: 1 })) }, () => this.#act());
  }

  #act(): Act {
    const what = this.#random.weighted({ cancel: 6, reschedule: 1, fulfil: this.#promises.length > 0 ? 1 : 0 });
    if (what === "fulfil") return this.#fulfil(this.#random.pick(this.#promises));
    const target = this.#random.pick(this.#scopes);
    if (what === "reschedule") return { do: "reschedule", target, ms: this.#time() - this.#grid };
    return { do: "cancel", target, reason: this.#random.chance(0.7) ? this.#name("because ") : undefined };
  }

  #fulfil(promise: Name): Act {
    return { do: "fulfil", promise, error: this.#random.chance(0.3) ? this.#name("E") : undefined };
  }

  #block(place: Place, most: number): Block {
    const steps: Step[] = [];
    const count = this.#random.int(Math.min(2, place.room, most), Math.min(most, place.room));
    const inside = { ...place, room: Math.ceil((place.room - count) * 0.4) };
    while (steps.length < count && this.#left-- > 0) {
      const step = this.#step(inside);
      steps.push(step);
      if (step.do === "throw" || step.do === "forever") break;
    }
    return steps;
  }

  #step(place: Place): Step {
    const weights = { ...ORDINARY };
    if (place.room < 1) for (const kind of HAS_OTHERS_INSIDE) weights[kind] = 0;
    else if (place.stack.at(-1)!.startsWith("g")) weights.spawn = 2 * ORDINARY.spawn!;
    if (!place.reachable) for (const kind of WAITS_FOR_OTHERS) weights[kind] = 0;
    if (this.#groups.length === 0) for (const kind of NEEDS_GROUPS) weights[kind] = 0;
    if (this.#tasks.length === 0) weights.join = weights.settled = 0;
    if (place.starting === true) weights.started = 12;
    return this.#write(this.#random.weighted(weights), place);
  }

  #write(kind: Kind, place: Place): Step {
    switch (kind) {
      case "cancel":
        return this.#cancel(place);
      case "reschedule":
        return { do: kind, target: this.#random.pick(place.stack), ms: this.#time() - this.#grid };
      case "fulfil":
        return this.#promises.length > 0 ? this.#fulfil(this.#random.pick(this.#promises)) : { do: "checkpoint" };
      case "abort":
      case "started":
        return { do: kind };
      case "sleep":
        return { do: kind, ms: this.#random.chance(0.08) ? 0 : this.#time(), in: this.#in(place) };
      case "forever":
        return { do: kind };
      case "checkpoint":
      case "onCancel":
      case "look":
        return { do: kind, in: this.#in(place) };
      case "deaf":
        return { do: kind, ms: this.#random.chance(0.2) ? 0 : this.#time() };
      case "wait":
        return { do: kind, promise: this.#promise(place), in: this.#in(place) };
      case "join":
      case "settled":
        return { do: kind, task: this.#random.pick(this.#tasks) };
      case "open":
        return { do: kind, opening: this.#opening(place), in: this.#random.chance(0.06) ? this.#random.pick(place.stack) : undefined };
      case "together":
        return { do: kind, openings: [this.#opening(place), this.#opening(place)] };
      case "forget":
        return { do: kind, opening: plain(this.#opening(place)) };
      case "spawn":
      case "trySpawn":
        return this.#spawn(kind, place);
      case "vacancy":
        return { do: kind, group: this.#narrowGroupFor(place).name, in: this.#in(place) };
      case "admit":
        return this.#admit(place);
      case "start":
        return this.#start(place);
      case "throw":
        return { do: kind, what: this.#random.weighted<Thrown>({ error: 8, abort: 1, text: 1, kept: 1.5 }), error: this.#name("E") };
      case "try":
        return { do: kind, body: this.#block(place, 3), reaction: this.#reaction() };
      case "finally":
        return { do: kind, body: this.#block(place, 3), cleanup: this.#cleanupBlock(place) };
      case "defer":
        return { do: kind, cleanup: this.#cleanup(place) };
    }
  }

  #cancel(place: Place): Act {
    const target = this.#random.chance(0.5) ? this.#random.pick(place.stack) : this.#random.pick(this.#scopes);
    return { do: "cancel", target, reason: this.#random.chance(0.7) ? this.#name("because ") : undefined };
  }

  /** Mostly the innermost scope, sometimes one around it, seldom any. */
  #in(place: Place): Name | undefined {
    if (this.#random.chance(0.8)) return undefined;
    return this.#random.pick(this.#random.chance(0.6) ? place.stack : this.#scopes);
  }

  /** A promise that an actor settles, often in the same turn as it does something else. */
  #promise(place: Place): Name {
    if (this.#promises.length > 0 && this.#random.chance(0.25)) return this.#random.pick(this.#promises);
    const promise = this.#name("p");
    const acts: Act[] = [this.#fulfil(promise)];
    if (this.#random.chance(0.4)) acts.push({ do: "cancel", target: this.#random.pick(place.stack), reason: this.#name("because ") });
    if (this.#random.chance(0.4)) acts.reverse();
    this.#promises.push(promise);
    this.#actors.push({ at: this.#time(), acts });
    return promise;
  }

  #opening(place: Place): Opening {
    const kind = this.#random.weighted({ group: 6, failAfter: 3, moveOnAfter: 4, shield: 2, all: 1, allSettled: 0.7, race: 1.2, any: 1.4, map: 2 });
    if (kind === "group") return this.#group(place);
    return kind === "failAfter" || kind === "moveOnAfter" || kind === "shield" ? this.#limited(kind, place) : this.#combination(kind, place);
  }

  #group(place: Place): GroupOpening {
    const random = this.#random;
    const name = this.#name("g");
    const concurrency = random.chance(0.25) ? random.int(1, 2) : undefined;
    this.#groups.push({ name, reachable: place.reachable, mayBeFull: concurrency !== undefined });
    this.#scopes.push(name);
    return {
      kind: "group",
      name,
      errors: random.chance(0.2) ? "first" : undefined,
      concurrency,
      onError: random.chance(0.2) ? this.#reporter() : undefined,
      body: this.#block({ stack: [...place.stack, name], room: place.room, reachable: place.reachable }, 6),
    };
  }

  #reporter(): Reporter {
    return { ms: this.#random.chance(0.5) ? 0 : this.#time(), error: this.#random.chance(0.3) ? this.#name("E") : undefined };
  }

  #limited(kind: LimitedOpening["kind"], place: Place): LimitedOpening {
    const name = this.#name(kind === "failAfter" ? "f" : kind === "moveOnAfter" ? "m" : "s");
    this.#scopes.push(name);
    const ms = this.#limit();
    const reachable = place.reachable && kind !== "shield";
    return { kind, name, ms, body: this.#block({ stack: [...place.stack, name], room: place.room, reachable }, 4) };
  }

  #combination(kind: Combination["kind"], place: Place): Combination {
    const random = this.#random;
    const name = this.#name("k");
    const isCrowd = place.reachable && this.#groups.some(({ mayBeFull }) => mayBeFull) && random.chance(0.4);
    const branches = Array.from({ length: Number(random.weighted({ 0: 0.2, 1: 1, 2: 4, 3: 3, 4: 1 })) }, () => this.#branch(place, isCrowd));
    if (kind === "map") return { kind, name, branches, concurrency: random.chance(0.6) ? random.int(1, 2) : undefined, source: this.#source() };
    const discards = (kind === "race" || kind === "any") && random.chance(0.7);
    return { kind, name, branches, discard: discards ? this.#reporter() : undefined };
  }

  /** Those of a crowd all want room at the same time. */
  #branch({ stack, room, reachable }: Place, isCrowd: boolean): Branch {
    const name = this.#name("b");
    this.#scopes.push(name);
    const place = { stack: [...stack, name], room, reachable };
    const first = isCrowd ? [this.#admit(place)] : [];
    return { name, body: [...first, ...this.#block(place, 3)] };
  }

  #source(): Source | undefined {
    const error = this.#random.chance(0.15) ? this.#name("E") : undefined;
    if (this.#random.chance(0.5)) return { error };
    return { ms: this.#random.chance(0.3) ? 0 : this.#time(), error };
  }

  #task(reachable: boolean, room: number, starting: boolean): TaskSpec {
    const name = this.#name("t");
    this.#scopes.push(name);
    // Mostly known only when it is written, or it would too often be joined from within.
    const early = this.#random.chance(0.1);
    if (early) this.#tasks.push(name);
    const body = this.#block({ stack: [name], room, reachable, starting }, 4);
    if (!early) this.#tasks.push(name);
    return { name, daemon: this.#random.chance(0.18), body };
  }

  #groupFor(place: Place): Known {
    const near = this.#groups.findLast(({ name }) => place.stack.includes(name));
    return near !== undefined && this.#random.chance(0.75) ? near : this.#random.pick(this.#groups);
  }

  /** One in which room is something to wait for, if there is any. */
  #narrowGroupFor(place: Place): Known {
    return this.#groups.findLast(({ mayBeFull }) => mayBeFull && this.#random.chance(0.7)) ?? this.#groupFor(place);
  }

  #spawn(kind: "spawn" | "trySpawn", place: Place): Step {
    const group = this.#groupFor(place);
    return { do: kind, group: group.name, task: this.#task(group.reachable, place.room, false) };
  }

  #admit(place: Place): Step {
    const group = this.#narrowGroupFor(place);
    return { do: "admit", group: group.name, task: this.#task(group.reachable, place.room, false), in: this.#in(place) };
  }

  #start(place: Place): Step {
    const group = this.#random.chance(0.5) ? this.#groupFor(place) : this.#random.pick(this.#groups);
    const step = { do: "start", group: group.name, task: this.#task(group.reachable && place.reachable, place.room, true) } as const;
    return this.#random.chance(0.2) ? { ...step, in: this.#random.pick(place.stack) } : step;
  }

  #reaction(): Reaction {
    const to = this.#random.weighted<Reaction["to"]>({ swallow: 7, rethrow: 2, keep: 2, abort: 2, bareAbort: 1, replace: 2, aggregate: 2, suppress: 1 });
    return to === "replace" || to === "aggregate" || to === "suppress" ? { to, error: this.#name("E") } : { to };
  }

  #cleanupBlock(place: Place): Block {
    if (this.#random.chance(0.4)) return this.#block(place, 2);
    const shield = this.#limited("shield", place);
    return [{ do: "open", opening: shield }];
  }

  #cleanup(place: Place): CleanupSpec {
    const name = this.#name("c");
    const ms = this.#random.chance(0.6) ? Infinity : this.#time();
    return { name, ms, body: this.#block({ stack: [name], room: place.room, reachable: false }, 2) };
  }
}
