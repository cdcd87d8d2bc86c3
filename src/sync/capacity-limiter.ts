import { MisuseError } from "../errors/misuse.ts";
import { claim, type Claim, NOTHING, type Waiter } from "../lowlevel.ts";
import { show } from "../scope/visible.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { Guard, holding } from "./guard.ts";
import { type Ledger, ledgerOf } from "./ledgers.ts";
import { Line, Place } from "./line.ts";
import { acquiring } from "./semaphore.ts";

class Applicant extends Place {
  readonly borrower: unknown;
  readonly waiter: Waiter<Guard>;

  constructor(borrower: unknown, waiter: Waiter<Guard>) {
    super();
    this.borrower = borrower;
    this.waiter = waiter;
  }
}

/**
 * So many places, whose number can be changed while it runs, and of which it is known who has them.
 *
 * A borrower is any key: by default one that nobody else has. The same key cannot borrow twice: that would be a deadlock
 * with itself, and is a MisuseError `"ALREADY_BORROWED"`. First come, first served. Cancelled, an applicant leaves; one that
 * was handed a place before has it. Semantics after Trio's CapacityLimiter. `name` is for the reports of debug mode, which tell who has the places while
 * nobody gets on, and for `espalier inspect`. Cost: one promise, one guard, one entry in a Map.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { CapacityLimiter } from "espalier/sync";
 *
 * const connections = new CapacityLimiter(2);
 * await taskGroup(async (group) => {
 *   const guard = await connections.acquireFor("report", group);
 *   console.log(connections.statistics().borrowers); // [ 'report' ]
 *   connections.total = 10; // from now on
 *   guard.release();
 * });
 * ```
 */
export class CapacityLimiter {
  #total: number;
  readonly #name: string;
  readonly #label: string;
  readonly #borrowers = new Map<unknown, Guard>();
  /** Who waits, in the order of coming. While anybody does, no place is free. */
  readonly #applicants = new Line<Applicant>();
  /** On whose behalf. */
  readonly #awaiting = new Set<unknown>();

  constructor(total: number, { name }: { readonly name?: string | undefined } = {}) {
    this.#total = checked(total);
    this.#name = name ?? "capacity limiter";
    this.#label = name === undefined ? "capacity limiter" : acquiring(name);
    if (name !== undefined) show("capacity limiter", name, this);
  }

  /** How many places there are. Raised, those who wait longest get them; lowered, nobody loses one, and nobody gets one until enough are free. */
  get total(): number {
    return this.#total;
  }

  set total(total: number) {
    this.#total = checked(total);
    this.#handOut();
  }

  /** How many places could be taken now; never below 0. */
  get available(): number {
    return Math.max(0, this.#total - this.#borrowers.size);
  }

  /** Waits for a place. Rejects with the CancelledError of `scope`, and holds nothing then. */
  acquire(scope: Cancellable): Promise<Guard> {
    return this.acquireFor(Symbol("borrower"), scope);
  }

  /** As `acquire`, on behalf of `borrower`. Rejects with MisuseError `"ALREADY_BORROWED"` where that has or waits for a place. */
  acquireFor(borrower: unknown, scope: Cancellable): Promise<Guard> {
    const how: Claim<Guard> = {
      attempt: () => this.#lend(borrower) ?? NOTHING,
      register: (waiter) => {
        const applicant = new Applicant(borrower, waiter);
        this.#applicants.append(applicant);
        this.#awaiting.add(borrower);
        return () => {
          // Its turn had come in the moment in which it was let go: by now the key may be another applicant's.
          if (applicant.line === undefined) return;
          applicant.leave();
          this.#awaiting.delete(borrower);
        };
      },
      giveBack: (guard) => guard.release(),
    };
    return claim(scope, this.#label, this.#ledger?.kept(how, scope) ?? how);
  }

  /** Takes a place if there is one. Throws MisuseError `"ALREADY_BORROWED"` where `borrower` has one, or waits for one. */
  tryAcquire(borrower: unknown = Symbol("borrower")): Guard | undefined {
    const guard = this.#lend(borrower);
    return guard && (this.#ledger?.taken(guard) ?? guard);
  }

  /** Gives back the place of `borrower`. Throws MisuseError `"NOT_BORROWED"` where it has none. */
  releaseFor(borrower: unknown): void {
    const guard = this.#borrowers.get(borrower);
    if (guard === undefined) {
      throw new MisuseError("NOT_BORROWED", `${String(borrower)} has no place of this CapacityLimiter to give back: it never borrowed one, or gave it back before.`);
    }
    guard.release();
    this.#ledger?.gaveBack(guard);
  }

  /** Runs `fn` while holding a place, and gives what it returns. Given back however it ends. */
  use<T>(fn: () => T | PromiseLike<T>, scope: Cancellable): Promise<T> {
    return holding(this.acquire(scope), fn);
  }

  statistics(): { readonly total: number; readonly borrowed: number; readonly borrowers: readonly unknown[]; readonly waiting: number } {
    return { total: this.#total, borrowed: this.#borrowers.size, borrowers: [...this.#borrowers.keys()], waiting: this.#applicants.size };
  }

  get #ledger(): Ledger | undefined {
    const wayOut = "Give back earlier (using, or use()), hold no place while waiting for another, or raise total.";
    return ledgerOf?.(this, { kind: "capacity limiter", name: this.#name, wayOut, isFull: (held) => held >= this.#total });
  }

  #lend(borrower: unknown): Guard | undefined {
    if (this.#borrowers.has(borrower) || this.#awaiting.has(borrower)) {
      throw new MisuseError(
        "ALREADY_BORROWED",
        `${String(borrower)} has or awaits a place of this CapacityLimiter, and would wait for itself. Give it back first, or borrow for another key.`,
      );
    }
    return this.#borrowers.size < this.#total ? this.#entered(borrower) : undefined;
  }

  #entered(borrower: unknown): Guard {
    const guard = new Guard(() => {
      this.#borrowers.delete(borrower);
      this.#handOut();
    });
    this.#borrowers.set(borrower, guard);
    return guard;
  }

  #handOut(): void {
    while (this.#borrowers.size < this.#total) {
      const applicant = this.#applicants.shift();
      if (applicant === undefined) return;
      const { borrower, waiter } = applicant;
      this.#awaiting.delete(borrower);
      // Let go in the same moment: the place stays for the next one.
      if (!waiter.resolve(this.#entered(borrower))) this.#borrowers.delete(borrower);
    }
  }
}

function checked(total: number): number {
  if (total === Infinity || (Number.isInteger(total) && total >= 0)) return total;
  throw new RangeError(`A CapacityLimiter needs a whole number of places from 0 up, or Infinity, and got ${String(total)}.`);
}
