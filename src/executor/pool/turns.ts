/**
 * Calls in the order of their turns.
 *
 * Invariants
 *   1. Of two priorities the higher goes first. In one, parties take turns, and in a party who came first goes first: a request with
 *      ten thousand calls does not make another one with a single call wait for all of them.
 */
import { forest, type ScopeNode } from "../../scope/node.ts";
import { Line, Place } from "../../sync/line.ts";
import { Group } from "../../task/group.ts";
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

export class Turns {
  /** The highest priority first. */
  readonly #levels: Level[] = [];

  append(call: Call): void {
    this.#level(call).party(partyOf(call)).calls.append(call);
  }

  /** It is the next of its party. */
  prepend(call: Call): void {
    this.#level(call).party(partyOf(call)).calls.prepend(call);
  }

  shift(): Call | undefined {
    for (let level = this.#levels[0]; level !== undefined; level = this.#levels[0]) {
      const call = level.shift();
      if (call !== undefined) return call;
      // Empty: a priority may never come again.
      this.#levels.shift();
    }
    return undefined;
  }

  *[Symbol.iterator](): Generator<Call> {
    for (const { turns } of this.#levels) for (const { calls } of turns) yield* calls;
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
