/**
 * The calls that wait for a worker.
 *
 * Invariants
 *   1. Of two priorities the higher goes first. In one, parties take turns, and in a party who came first goes first: a request with
 *      ten thousand calls does not make another one with a single call wait for all of them.
 *   2. Of a work with a limit no more are out than that; who comes then is held, and let others pass.
 *   3. What is out was given by `next` and neither put back nor told to have ended.
 */
import { forest, type ScopeNode } from "../../scope/node.ts";
import { Line, type Linked, Place } from "../../sync/line.ts";
import { Group } from "../../task/group.ts";
import type { Declaration } from "../contract.ts";
import type { Call } from "./call.ts";

/** Whose calls take turns with those of others: the group in which they are made, else the root. */
function partyOf(call: Call): ScopeNode {
  let at = call.scope.parent!;
  while (!(at instanceof Group) && at.parent !== undefined && at.parent !== forest) at = at.parent;
  return at;
}

class Party extends Place {
  readonly calls = new Line<Call>();
  readonly whose: ScopeNode;

  constructor(whose: ScopeNode) {
    super();
    this.whose = whose;
  }
}

/** The calls of one priority. */
class Level {
  readonly priority: number;
  readonly turns = new Line<Party>();
  readonly #parties = new Map<ScopeNode, Party>();

  constructor(priority: number) {
    this.priority = priority;
  }

  party(whose: ScopeNode): Party {
    let party = this.#parties.get(whose);
    if (party === undefined) {
      party = new Party(whose);
      this.#parties.set(whose, party);
    }
    if (party.line === undefined) this.turns.append(party);
    return party;
  }

  shift(): Call | undefined {
    for (let party = this.turns.shift(); party !== undefined; party = this.turns.shift()) {
      const call = party.calls.shift();
      if (party.calls.size > 0) this.turns.append(party);
      else this.#parties.delete(party.whose);
      if (call !== undefined) return call;
    }
    return undefined;
  }
}

/** A work of which only so many may be out. */
class Limited {
  out = 0;
  readonly held = new Line<Call>();
}

export class Backlog {
  /** The highest priority first. */
  readonly #levels: Level[] = [];
  readonly #limited = new Map<Declaration, Limited>();
  #size = 0;

  /** How many wait, the held ones included. */
  get size(): number {
    return this.#size;
  }

  add(call: Call): void {
    this.#size++;
    this.#level(call).party(partyOf(call)).calls.append(call);
  }

  /** For one that `next` gave and that did not begin: it is the next of its party again. */
  putBack(call: Call): void {
    this.ended(call);
    this.#size++;
    this.#level(call).party(partyOf(call)).calls.prepend(call);
  }

  remove(call: Call): void {
    (call.line as unknown as Line<Linked>).remove(call);
    this.#size--;
  }

  next(): Call | undefined {
    for (let level = this.#levels[0]; level !== undefined; level = this.#levels[0]) {
      for (let call = level.shift(); call !== undefined; call = level.shift()) {
        if (!this.#isHeld(call)) {
          this.#size--;
          return call;
        }
      }
      // Empty: a priority may never come again.
      this.#levels.shift();
    }
    return undefined;
  }

  /** Told of each that is not out any more. */
  ended({ declaration }: Call): void {
    const limited = this.#limited.get(declaration);
    if (limited === undefined) return;
    limited.out--;
    const next = limited.held.shift();
    if (next !== undefined) this.#level(next).party(partyOf(next)).calls.prepend(next);
    else if (limited.out === 0) this.#limited.delete(declaration);
  }

  /** All who wait. */
  waiting(): Call[] {
    const held = [...this.#limited.values()].flatMap((limited) => [...limited.held]);
    return [...this.#levels.flatMap(({ turns }) => [...turns].flatMap(({ calls }) => [...calls])), ...held];
  }

  /** Takes out one after the other. */
  *all(): Iterable<Call> {
    for (let call = this.next(); call !== undefined; call = this.next()) {
      yield call;
      this.ended(call);
    }
  }

  #isHeld(call: Call): boolean {
    const { declaration } = call;
    if (declaration.concurrency === Infinity) return false;
    let limited = this.#limited.get(declaration);
    if (limited === undefined) this.#limited.set(declaration, (limited = new Limited()));
    if (limited.out >= declaration.concurrency) {
      limited.held.append(call);
      return true;
    }
    limited.out++;
    return false;
  }

  #level({ options }: Call): Level {
    const { priority = 0 } = options;
    let at = 0;
    while (at < this.#levels.length && this.#levels[at]!.priority > priority) at++;
    const found = this.#levels[at];
    if (found?.priority === priority) return found;
    const level = new Level(priority);
    this.#levels.splice(at, 0, level);
    return level;
  }
}
