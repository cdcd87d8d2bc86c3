import { stamp } from "../../errors/brand.ts";
import type { Scope } from "../../task/capabilities.ts";
import { type ResourceHolder, holderOf, named } from "./holder.ts";
import type { Lease } from "./lease.ts";
import { taskOf } from "./self-wait.ts";

/**
 * No resource of a pool came free in time. The message names who holds them, and for how long; in debug mode
 * (`ESPALIER_DEBUG=1`) also since which line.
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
  /** Who held the resources then, and for how long, in ms; in debug mode also where they were acquired. */
  readonly holders: readonly ResourceHolder[];
  /** Whether only those had them who waited for this very acquire: a deadlock with itself, as far as could be seen. */
  readonly selfDeadlock: boolean;

  constructor(pool: string, waited: number, waiting: number, leases: readonly Lease<unknown>[], max: number, applicant: Scope, selfDeadlock: boolean) {
    const now = applicant.now();
    super(
      `"${applicant.name}" got nothing out of the pool "${pool}" within ${waited} ms: ${held(leases, max, now)}; ` +
        `${waiting} wait. ${blamed(leases, applicant, selfDeadlock)} ` +
        (leases.length === 0 ? "Allow more time for it (acquireTimeout), or keep some that are made (min)." : "Give back earlier (using, or pool.use()), hold no resource while waiting for another, or raise max."),
    );
    this.holders = leases.map((lease) => holderOf(lease, now));
    this.selfDeadlock = selfDeadlock;
  }
}

function held(leases: readonly Lease<unknown>[], max: number, now: number): string {
  if (leases.length === 0) return `none is held, and ${max === 1 ? "the only one is" : `all ${max} are`} being made, checked or closed`;
  const by = `held, by ${named(leases, now)}`;
  if (leases.length === max) return max === 1 ? `the only one is ${by}` : `all ${max} are ${by}`;
  return `${leases.length} of ${max} are ${by}, the others are being made, checked or closed`;
}

function blamed(leases: readonly Lease<unknown>[], applicant: Scope, selfDeadlock: boolean): string {
  const own = leases.filter(({ holder }) => taskOf(holder) === taskOf(applicant)).length;
  if (own > 0) return `Its own task holds ${own} of them while it waits for another: that ${selfDeadlock ? "is" : "may be"} a deadlock with itself.`;
  if (selfDeadlock) return "All of them are held by functions that wait for it: that is a deadlock with itself.";
  if (leases.length === 0) return "A create, validate or destroy that is slow is the likely cause.";
  return "A holder that is slow, or never gives back, is the likely cause.";
}
stamp(PoolExhaustedError, "PoolExhaustedError", "exhausted");
