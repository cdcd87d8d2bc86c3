import { host } from "#host";
import { Trace } from "../../host/trace.ts";
import { clockOf, observed, type Observed } from "../../lowlevel.ts";
import type { Account as AnyAccount } from "../../sync/ledgers.ts";
import type { Cancellable } from "../../task/capabilities.ts";
import { isSplit } from "../../task/held-up.ts";
import { programPlace } from "../frames.ts";

/** Who asked for some of what is limited: in which scope, where and when. */
export class Account implements AnyAccount {
  readonly scope: Observed | undefined;
  /** The same as the user has it; `undefined` where no scope was handed in. */
  readonly home: Cancellable | undefined;
  /** Whether its function was seen to do something else at that moment. */
  readonly isOfBranch: boolean;
  readonly #trace = Trace.ofCaller();
  readonly #now: () => number;
  #since: number;

  private constructor(scope: Observed | undefined, home: Cancellable | undefined, now: () => number) {
    this.scope = scope;
    this.home = home;
    this.isOfBranch = home !== undefined && isSplit(home);
    this.#now = now;
    this.#since = now();
  }

  /** Asks in `home`, in the time of that. */
  static in(home: Cancellable): Account {
    const clock = clockOf(home);
    return new Account(observed(home), home, () => clock.now());
  }

  /** Asks without a scope: `scope` is the one that runs, as far as is known. */
  static outside(scope: Observed | undefined): Account {
    return new Account(scope, undefined, () => host.now());
  }

  get name(): string {
    return this.scope?.name ?? "(no task)";
  }

  /** For how long it has waited, or had what it asked for. */
  get ms(): number {
    return Math.round(this.#now() - this.#since);
  }

  /** Where it asked: `/srv/app.ts:12`. */
  get place(): string | undefined {
    return programPlace(this.#trace.stack) ?? this.#trace.place;
  }

  /** It has what it asked for, from now on. */
  got(): void {
    this.#since = this.#now();
  }
}
