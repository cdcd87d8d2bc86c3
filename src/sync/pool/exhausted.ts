import { stamp } from "../../errors/brand.ts";
import { type Observed, observed } from "../../lowlevel.ts";
import type { Scope } from "../../task/capabilities.ts";
import type { Lease } from "./lease.ts";

const MOST_NAMED = 10;

/** The task in which a scope lies: functions of one task wait for one another. */
function taskOf(scope: Scope): Observed | undefined {
  let at = observed(scope);
  while (at !== undefined && at.kind !== "task" && at.owner !== undefined) at = at.owner;
  return at;
}

/**
 * No resource of a pool came free in time. The message names who holds them, and for how long.
 *
 * @example
 * ```ts
 * import { leaves, taskGroup } from "espalier";
 * import { PoolExhaustedError, ResourcePool } from "espalier/sync";
 *
 * await taskGroup(async (group) => {
 *   const pool = new ResourcePool(group, { create: () => "connection", max: 1, acquireTimeout: 10 });
 *   await pool.use(() => pool.acquire(group), group);
 * }).catch((error) => {
 *   const [exhausted] = leaves(error);
 *   if (exhausted instanceof PoolExhaustedError) console.log(exhausted.holders.length); // 1
 * });
 * ```
 */
export class PoolExhaustedError extends Error {
  /** For code that looks at codes. */
  get code(): "POOL_EXHAUSTED" {
    return "POOL_EXHAUSTED";
  }
  /** Who held the resources then, and for how long, in ms. */
  readonly holders: readonly { readonly name: string; readonly heldFor: number }[];

  constructor(pool: string, waited: number, waiting: number, leases: readonly Lease<unknown>[], applicant: Scope) {
    const now = applicant.now();
    const holders = leases.map(({ holder, since }) => ({ name: holder.name, heldFor: Math.round(now - since) }));
    const named = holders.slice(0, MOST_NAMED).map(({ name, heldFor }) => `"${name}" for ${heldFor} ms`);
    if (holders.length > MOST_NAMED) named.push(`${holders.length - MOST_NAMED} others`);
    const own = leases.filter(({ holder }) => taskOf(holder) === taskOf(applicant)).length;
    super(
      `"${applicant.name}" got nothing out of the pool "${pool}" within ${waited} ms: all ${holders.length} are held, by ${named.join(", ")}; ` +
        `${waiting} wait. ${own > 0 ? `Its own task holds ${own} of them while it waits for another: that may be a deadlock with itself.` : "A holder that is slow, or never gives back, is the likely cause."} ` +
        `Give back earlier (using, or pool.use()), hold no resource while waiting for another, or raise max.`,
    );
    this.holders = holders;
  }
}
stamp(PoolExhaustedError, "PoolExhaustedError", "exhausted");
