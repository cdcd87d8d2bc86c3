/**
 * The calls that wait for a worker.
 *
 * Invariants
 *   1. They go in the order of their {@link Turns}; those of a work with a limit as well, among each other.
 *   2. Of a work with a limit no more are out than that; who comes then is held, and let others pass.
 *   3. What is out was given by `next` and neither put back nor told to have ended.
 */
import type { Line, Linked } from "../../sync/line.ts";
import type { Declaration } from "../contract.ts";
import type { Call } from "./call.ts";
import { Turns } from "./turns.ts";

/** A work of which only so many may be out. */
class Limited {
  out = 0;
  readonly held = new Turns();
}

export class Backlog {
  readonly #turns = new Turns();
  readonly #limited = new Map<Declaration, Limited>();
  #size = 0;

  /** How many wait, the held ones included. */
  get size(): number {
    return this.#size;
  }

  add(call: Call): void {
    this.#size++;
    this.#turns.append(call);
  }

  /** For one that `next` gave and that did not begin: it is the next of its party again. */
  putBack(call: Call): void {
    call.state = "queued";
    this.ended(call);
    this.#size++;
    this.#turns.prepend(call);
  }

  remove(call: Call): void {
    (call.line as unknown as Line<Linked>).remove(call);
    this.#size--;
  }

  next(): Call | undefined {
    for (let call = this.#turns.shift(); call !== undefined; call = this.#turns.shift()) {
      if (this.#isHeld(call)) continue;
      this.#size--;
      return call;
    }
    return undefined;
  }

  /** Told of each that is not out any more. */
  ended({ declaration }: Call): void {
    const limited = this.#limited.get(declaration);
    if (limited === undefined) return;
    limited.out--;
    const next = limited.held.shift();
    if (next !== undefined) this.#turns.prepend(next);
    else if (limited.out === 0) this.#limited.delete(declaration);
  }

  /** All who wait. */
  waiting(): Call[] {
    const held = [...this.#limited.values()].flatMap((limited) => [...limited.held]);
    return [...this.#turns, ...held];
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
}
