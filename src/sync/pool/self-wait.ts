/**
 * Who waits for what only those have who wait for it: noticed at the moment when the waiting begins, and told once.
 *
 *   all are lent ── acquire in a function that holds up every holder ──▶ told, listed ── one comes back, or it gives up ──▶ forgotten
 *
 * Told as a warning, and not thrown: a callback, or a branch that awaits something of the outside, may give one back all the
 * same, and nobody can see that from here.
 */
import { warn } from "../../host/warn.ts";
import { observed, type Observed } from "../../lowlevel.ts";
import type { Scope } from "../../task/capabilities.ts";
import { holdsUp } from "../../task/held-up.ts";
import { ledgerOf } from "../ledgers.ts";
import { named } from "./holder.ts";
import { applicationOf, type Lease } from "./lease.ts";

/** One that waits for itself. */
export interface SelfWait {
  readonly name: string;
}

export class SelfWaits {
  readonly #pool: string;
  readonly #current = new Set<SelfWait>();
  /** The tasks that were told of. */
  readonly #told = new WeakSet<Observed>();

  constructor(pool: string) {
    this.#pool = pool;
  }

  /** The names of those who wait for themselves now. */
  get names(): string[] {
    return [...this.#current].map(({ name }) => name);
  }

  /** Who is about to wait in `scope` while all there is is in `leases`. Gives an entry where that is for itself. */
  notice(scope: Scope, leases: ReadonlySet<Lease<unknown>>): SelfWait | undefined {
    const holders: Scope[] = [];
    for (const lease of leases) {
      if (applicationOf(lease).isOfBranch) return undefined;
      holders.push(lease.holder);
    }
    if (!holdsUp(scope, holders)) return undefined;
    // Debug mode tells it itself.
    if (ledgerOf === undefined) this.#tell(scope, [...leases]);
    const entry = { name: scope.name };
    this.#current.add(entry);
    return entry;
  }

  has(entry: SelfWait | undefined): boolean {
    return entry !== undefined && this.#current.has(entry);
  }

  /** It waits no more. */
  over(entry: SelfWait | undefined): void {
    if (entry !== undefined) this.#current.delete(entry);
  }

  /** One has come back: they do not wait for themselves any more. */
  cameBack(): void {
    if (this.#current.size > 0) this.#current.clear();
  }

  #tell(scope: Scope, leases: readonly Lease<unknown>[]): void {
    const task = taskOf(scope);
    if (task === undefined || this.#told.has(task)) return;
    this.#told.add(task);
    const count = leases.length === 1 ? "the only one is" : `all ${leases.length} are`;
    warn(
      `"${scope.name}" waits for a resource of the pool "${this.#pool}", but ${count} held by functions that wait for that, by ${named(leases, scope.now())}. ` +
        `It waits for itself, unless a callback, or a branch of one of them that cannot be seen, gives one back. ` +
        `Give back before acquiring another (using, or pool.use()), pass on the one you have, or raise max. Said once for each task.`,
    );
  }
}

/** The task in which a scope lies, else its root: functions of one task wait for one another. */
export function taskOf(scope: Scope): Observed | undefined {
  let at = observed(scope);
  while (at !== undefined && at.kind !== "task" && at.owner !== undefined) at = at.owner;
  return at;
}
