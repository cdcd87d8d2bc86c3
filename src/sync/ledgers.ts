/** Who has what of something limited, and who waits for it: known in debug mode, which keeps the ledgers. */
import type { Claim } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import type { Guard } from "./guard.ts";

/** What is limited, as reports speak of it. */
export interface Limited {
  /** `"semaphore"`, `"pool"`, … */
  readonly kind: string;
  readonly name: string;
  /** What to do where it does not suffice. */
  readonly wayOut: string;
  /** Whether nothing is left when so much of it is held. */
  isFull(held: number): boolean;
}

/** One who asks, with the place where that was. */
export interface Account {
  readonly name: string;
}

export interface Ledger {
  /** As `how`, with what comes of it written down. */
  kept(how: Claim<Guard>, scope: Cancellable): Claim<Guard>;
  /** What was taken at once, in no scope. */
  taken(guard: Guard): Guard;
  /** Whoever asks in `scope`; to be called before anything waits there for it. */
  asks(scope: Cancellable): Account;
  waits(account: Account): void;
  /** It waits no more. */
  leaves(account: Account): void;
  holds(what: object, account: Account): void;
  gaveBack(what: object): void;
}

/** The ledger of `thing`: the same for the same. `undefined` while debug mode is off. */
export let ledgerOf: ((thing: object, limited: Limited) => Ledger) | undefined;

export function keepLedgers(keeper: typeof ledgerOf): void {
  ledgerOf = keeper;
}
