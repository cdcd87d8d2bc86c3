import { claim, type Claim, NOTHING } from "../lowlevel.ts";
import { show } from "../scope/visible.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { Guard, holding } from "./guard.ts";
import { type Ledger, ledgerOf, type Limited } from "./ledgers.ts";
import { Queue } from "./queue.ts";

/** One whose owner tells itself who has what: for pools. */
export let unwatched: (permits: number, name: string) => Semaphore;

/**
 * So many permits: who takes one holds it until it is given back. `release()` adds one that nobody took, as a signal does.
 *
 * First come, first served; what is given back is handed to who waits longest in the same call. Cancelled, a waiter leaves;
 * one that was handed a permit before has it. Throws a RangeError where the permits are no whole number from 0 up, or more
 * than `max`. `name` is for the reports of debug mode, which tell who holds the permits while nobody gets on, and for `espalier inspect`. Cost of an acquire: one
 * promise and one guard.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Semaphore } from "espalier/sync";
 *
 * const permits = new Semaphore(2);
 * await taskGroup(async (group) => {
 *   const [one, two] = [await permits.acquire(group), await permits.acquire(group)];
 *   console.log(permits.tryAcquire()); // undefined
 *   one.release();
 *   two.release();
 *   console.log(permits.available); // 2
 * });
 * ```
 */
export class Semaphore {
  #available: number;
  readonly #max: number;
  /** `null` where its owner tells who has what. */
  #name: string | null;
  /** What who waits waits for. */
  #label: string;
  /** Permits were added that nobody had taken: who takes one may never give it back. */
  #isSignal = false;
  readonly #queue = new Queue<Guard>();
  readonly #release = (): void => {
    if (this.#queue.size === 0 || !this.#queue.wake(this.#guard())) this.#available++;
  };
  readonly #claim: Claim<Guard> = {
    attempt: () => this.#take() ?? NOTHING,
    register: this.#queue.register,
    giveBack: (guard) => guard.release(),
  };

  constructor(permits: number, { max = Infinity, name }: { readonly max?: number | undefined; readonly name?: string | undefined } = {}) {
    if (!(Number.isInteger(permits) && permits >= 0)) throw new RangeError(`A Semaphore needs a whole number of permits from 0 up, and got ${String(permits)}.`);
    if (!(max >= permits)) throw new RangeError(`A Semaphore cannot begin with ${permits} permits and have at most ${String(max)}.`);
    this.#available = permits;
    this.#max = max;
    this.#name = name ?? "semaphore";
    this.#label = name === undefined ? "semaphore" : acquiring(name);
    if (name !== undefined) show("semaphore", name, this);
  }

  static {
    unwatched = (permits, name) => {
      const made = new Semaphore(permits);
      made.#name = null;
      made.#label = acquiring(name);
      return made;
    };
  }

  /** How many permits could be taken now. */
  get available(): number {
    return this.#available;
  }

  /** Waits for a permit. Rejects with the CancelledError of `scope`, and holds nothing then. */
  acquire(scope: Cancellable): Promise<Guard> {
    return claim(scope, this.#label, this.#ledger?.kept(this.#claim, scope) ?? this.#claim);
  }

  /** Takes a permit if there is one. */
  tryAcquire(): Guard | undefined {
    const guard = this.#take();
    return guard && (this.#ledger?.taken(guard) ?? guard);
  }

  /** Adds a permit that was not taken. Throws a RangeError where there would be more than `max`. */
  release(): void {
    if (this.#available >= this.#max) throw new RangeError(`This Semaphore has its ${this.#max} permits already: one was released twice, or never acquired.`);
    this.#isSignal = true;
    this.#release();
  }

  /** Runs `fn` while holding a permit, and gives what it returns. Given back however it ends. */
  use<T>(fn: () => T | PromiseLike<T>, scope: Cancellable): Promise<T> {
    return holding(this.acquire(scope), fn);
  }

  statistics(): { readonly available: number; readonly waiting: number } {
    return { available: this.#available, waiting: this.#queue.size };
  }

  /** None of a signal: what is taken of it and never comes back would be written down for ever. */
  get #ledger(): Ledger | undefined {
    return this.#name === null || this.#isSignal ? undefined : ledgerOf?.(this, this.#limited(this.#name));
  }

  #limited(name: string): Limited {
    const wayOut = "Give back earlier (using, or use()), hold none while waiting for another, or begin with more permits.";
    return { kind: "semaphore", name, wayOut, isFull: () => !this.#isSignal };
  }

  #take(): Guard | undefined {
    if (this.#available === 0) return undefined;
    this.#available--;
    return this.#guard();
  }

  #guard(): Guard {
    return new Guard(this.#release);
  }
}

/** What shows who waits for what. */
export function acquiring(name: string): string {
  return `acquire(${name})`;
}
