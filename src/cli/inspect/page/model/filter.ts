/** What is to be seen. */
import type { Item } from "./item.ts";
import type { State } from "./state.ts";

export interface Filter {
  /** Words that are all to be found in its name, kind, wait or error, or in what it holds; `>5s` asks for what has been as it is for so long. */
  readonly text: string;
  /** None: all. */
  readonly states: ReadonlySet<State>;
  readonly hasEnded: boolean;
}

export const everything: Filter = { text: "", states: new Set(), hasEnded: true };

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A filter that can be asked. It depends on the time only where `isTimed`. */
export class Sieve {
  readonly #words: readonly string[];
  readonly #longerThan: number;
  readonly #filter: Filter;

  constructor(filter: Filter) {
    this.#filter = filter;
    const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const times = words.map((word) => /^>(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(word)).filter((match) => match !== null);
    this.#words = words.filter((word) => !/^>\d*(?:\.\d*)?(?:ms|s|m|h)?$/.test(word));
    this.#longerThan = times.reduce((most, [, number, unit]) => Math.max(most, Number(number) * units[unit!]!), -1);
  }

  get isTimed(): boolean {
    return this.#longerThan >= 0;
  }

  /** Nothing is left out. */
  get isOpen(): boolean {
    return this.#words.length === 0 && !this.isTimed && this.#filter.states.size === 0 && this.#filter.hasEnded;
  }

  passes(item: Item, now: number): boolean {
    const { seen, state, wait, via } = item;
    const { states, hasEnded } = this.#filter;
    if (!hasEnded && !item.isAlive) return false;
    // A state is asked of tasks: that of a scope is what its function waits for, which is the task's.
    if (states.size > 0 && !(states.has(state!) && (seen.kind === "task" || state === "failed" || item.parent?.parent === undefined))) return false;
    if (this.isTimed && !(item.isAlive && now - item.since >= this.#longerThan)) return false;
    if (this.#words.length === 0) return true;
    const text = `${seen.name} ${seen.kind} ${wait} ${via} ${state} ${seen.error ?? ""} ${item.holds.map((name) => `holds ${name}`).join(" ")}`.toLowerCase();
    return this.#words.every((word) => text.includes(word));
  }
}
