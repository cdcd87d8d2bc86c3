/**
 * Who has some of what is limited, and who waits for some.
 *
 *   asks ──▶ waits ── gets some ──▶ holds ── gives it back ──▶ forgotten
 *              └── is let go ──▶ forgotten
 *
 * Invariant: `moves` counts up whenever somebody gets some or gives some back. While it stays the same, nobody gets on.
 */
import { type Claim, NOTHING, type Waiter } from "../../lowlevel.ts";
import { Guard } from "../../sync/guard.ts";
import type { Ledger as AnyLedger, Limited } from "../../sync/ledgers.ts";
import type { Cancellable } from "../../task/capabilities.ts";
import { holdsUp } from "../../task/held-up.ts";
import { Account } from "./account.ts";
import { noteWaiting } from "./exhausted.ts";

export class Ledger implements AnyLedger {
  readonly limited: Limited;
  moves = 0;
  /** By what they hold. */
  readonly #holders = new Map<object, Account>();
  readonly #waiting = new Set<Account>();

  constructor(limited: Limited) {
    this.limited = limited;
  }

  /** In the order of coming. */
  get holders(): Account[] {
    return [...this.#holders.values()];
  }

  get waiting(): ReadonlySet<Account> {
    return this.#waiting;
  }

  /** Whether somebody waits, and all there is is held. */
  get isExhausted(): boolean {
    return this.#waiting.size > 0 && this.#isFull;
  }

  asks(scope: Cancellable): Account {
    return Account.in(scope);
  }

  waits(account: Account): void {
    this.#waiting.add(account);
    noteWaiting(this, account, this.#isFull && this.#isForItself(account));
  }

  leaves(account: Account): void {
    this.#waiting.delete(account);
  }

  holds(what: object, account: Account): void {
    this.#waiting.delete(account);
    this.#holders.set(what, account);
    account.got();
    this.moves++;
  }

  gaveBack(what: object): void {
    if (this.#holders.delete(what)) this.moves++;
  }

  taken(guard: Guard): Guard {
    return this.#taken(guard, Account.outside(undefined));
  }

  kept(how: Claim<Guard>, scope: Cancellable): Claim<Guard> {
    let account: Account;
    return {
      attempt: () => {
        // Before it is parked: what waits in a scope looks like a branch of its function.
        account = Account.in(scope);
        const guard = how.attempt();
        if (guard !== NOTHING) return this.#taken(guard, account);
        this.waits(account);
        return NOTHING;
      },
      register: (waiter) => {
        const leave = how.register(this.#noting(waiter, account));
        return (cause) => {
          this.leaves(account);
          leave?.(cause);
        };
      },
      giveBack: (guard) => guard.release(),
    };
  }

  get #isFull(): boolean {
    return this.#holders.size > 0 && this.limited.isFull(this.#holders.size);
  }

  #taken(guard: Guard, account: Account): Guard {
    this.holds(guard, account);
    return new Guard(() => {
      this.gaveBack(guard);
      guard.release();
    });
  }

  #noting(waiter: Waiter<Guard>, account: Account): Waiter<Guard> {
    return {
      label: waiter.label,
      resolve: (guard) => {
        const isHandedOver = waiter.resolve(this.#taken(guard, account));
        if (!isHandedOver) this.gaveBack(guard);
        return isHandedOver;
      },
      reject: (error) => waiter.reject(error),
    };
  }

  /** Whether only those have it who wait for `account` to get it. */
  #isForItself({ home }: Account): boolean {
    const homes: Cancellable[] = [];
    for (const { home: held, isOfBranch } of this.#holders.values()) {
      if (held === undefined || isOfBranch) return false;
      homes.push(held);
    }
    return home !== undefined && holdsUp(home, homes);
  }
}

const ledgers = new WeakMap<object, Ledger>();

export function ledgerFor(thing: object, limited: Limited): Ledger {
  const known = ledgers.get(thing);
  if (known !== undefined) return known;
  const made = new Ledger(limited);
  ledgers.set(thing, made);
  return made;
}
