import { MisuseError } from "../../errors/misuse.ts";
import type { Trace } from "../../host/trace.ts";
import type { Scope } from "../../task/capabilities.ts";
import { Guard } from "../guard.ts";

/** What becomes of a resource that comes back. */
export type Return = "idle" | "destroy";

/** Makes a lease: for pools only. */
export let lend: <T>(resource: T, by: Application, giveBack: (how: Return) => void) => Lease<T>;

/** How a lease came to be. */
export let applicationOf: (lease: Lease<unknown>) => Application;

/** What is known of an acquire from its call on. */
export interface Application {
  readonly scope: Scope;
  /** Whether its function was seen to do something else at that moment. */
  readonly isOfBranch: boolean;
  /** Where it was called: in debug mode. */
  readonly trace: Trace | undefined;
}

/**
 * A resource that is lent: given back once, by `using`, `release()` or `discard()`.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { ResourcePool } from "espalier/sync";
 *
 * await taskGroup(async (group) => {
 *   const pool = new ResourcePool(group, { create: () => new Map<string, number>(), max: 1 });
 *   const lease = await pool.acquire(group);
 *   console.log(lease.resource.size); // 0
 *   lease.discard(); // broken: the next one gets another
 * });
 * ```
 */
export class Lease<T> extends Guard {
  /** Who has it: the scope in which it was acquired. */
  readonly holder: Scope;
  /** Since when, in ms of that scope's clock. */
  readonly since: number;
  readonly #by: Application;
  readonly #resource: T;
  readonly #fate: { is: Return };

  private constructor(resource: T, by: Application, giveBack: (how: Return) => void) {
    const fate: { is: Return } = { is: "idle" };
    super(() => giveBack(fate.is));
    this.#fate = fate;
    this.#resource = resource;
    this.#by = by;
    this.holder = by.scope;
    this.since = by.scope.now();
  }

  static {
    lend = (resource, by, giveBack) => new Lease(resource, by, giveBack);
    applicationOf = (lease) => lease.#by;
  }

  /** Throws MisuseError `"NOT_HELD"` once it was given back: it is somebody else's then. */
  get resource(): T {
    if (this.held) return this.#resource;
    throw new MisuseError(
      "NOT_HELD",
      `The resource of a Lease was used after it had been given back by "${this.holder.name}": by now somebody else may have it. ` +
        `Typically it was kept in a variable beyond its block. Acquire another one where it is used.`,
    );
  }

  /** Gives it back as broken: it is destroyed, and nobody gets it any more. */
  discard(): void {
    this.#fate.is = "destroy";
    this.release();
  }
}
