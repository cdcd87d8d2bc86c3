/**
 * A pool of what is dear to make: connections, browsers, licences.
 *
 *   created ──▶ lent ── given back ──▶ idle ── acquired, still good ──▶ lent
 *                 │ discarded            │ too old, idle for too long, or not valid any more
 *                 ▼                      ▼
 *              destroyed ◀──────────────┘
 *
 * Invariants
 *   1. A slot is held for each resource that is lent, being made or being looked at. There are `max` slots, first come,
 *      first served. Lent and idle ones together are never more than `max`.
 *   2. A resource is idle, or has one lease, or is doomed: to be destroyed by one task of the pool's.
 *   3. At the end of the group, when all leases have come back and nobody makes or looks at one, all are destroyed.
 */
import { ClosedError } from "../../errors/closed.ts";
import { debugging } from "../../host/debugging.ts";
import { Trace } from "../../host/trace.ts";
import { observed } from "../../lowlevel.ts";
import { show } from "../../scope/visible.ts";
import type { Scope, TaskGroup } from "../../task/capabilities.ts";
import { isSplit } from "../../task/held-up.ts";
import { operationOf } from "../../task/park.ts";
import { Event } from "../event.ts";
import { holding } from "../guard.ts";
import { type Account, type Ledger, ledgerOf } from "../ledgers.ts";
import { type Semaphore, unwatched } from "../semaphore.ts";
import { PoolExhaustedError } from "./exhausted.ts";
import { stackOf } from "./holder.ts";
import { type Application, type Lease, lend, type Return } from "./lease.ts";
import { SelfWaits } from "./self-wait.ts";

/** What is pooled, and how. Times in ms. */
export interface ResourcePoolOptions<T> {
  /** Makes one, in the scope of who needs it: cancelled with it. */
  readonly create: (scope: Scope) => T | PromiseLike<T>;
  /** Ends one, shielded. What it throws is a failure of the group, unless `onDestroyError` takes it. */
  readonly destroy?: ((resource: T, scope: Scope) => unknown) | undefined;
  readonly onDestroyError?: ((error: unknown, resource: T) => unknown) | undefined;
  /** Asked before an idle one is lent again: false, or a failure, and it is destroyed and the next one tried, or made. The failure is told to nobody. */
  readonly validate?: ((resource: T, scope: Scope) => boolean | PromiseLike<boolean>) | undefined;
  /** How many there may be. */
  readonly max: number;
  /** So many are not destroyed for being idle; by default 0. */
  readonly min?: number | undefined;
  /** How long one may be idle; by default for ever. */
  readonly idleTime?: number | undefined;
  /** How old one may become; looked at when nobody has it. By default any age. */
  readonly lifeTime?: number | undefined;
  /** How long `acquire` waits before it gives up with a PoolExhaustedError; by default as long as its scope. */
  readonly acquireTimeout?: number | undefined;
  readonly name?: string | undefined;
}

/** What a pool knows, for tests and metrics. */
export interface ResourcePoolStatistics {
  /** How many there may be. */
  readonly max: number;
  /** How many somebody has. */
  readonly lent: number;
  /** How many are there for the next. */
  readonly idle: number;
  /** How many applicants wait until one comes back. */
  readonly waiting: number;
  /** Who holds one, since when in ms of its clock, and in debug mode from where. */
  readonly holders: readonly { readonly name: string; readonly since: number; readonly stack?: string }[];
  /** Who waits for what is held by those alone who wait for it. */
  readonly selfDeadlocked: readonly string[];
}

interface Idle<T> {
  readonly resource: T;
  readonly madeAt: number;
  readonly since: number;
}

/**
 * Lends out resources, each to one at a time, and keeps those that come back for the next.
 *
 * It lives in a group, with a daemon that takes one place of it: what is over is destroyed there, and at the group's end the pool closes, waits for what is still
 * lent, and destroys all. First come, first served. The one that came back last is lent first, so that the others can
 * grow idle. Cancelled, an applicant leaves; what it was making is cancelled with it. Throws a RangeError for a `max` that is
 * no whole number from 1 up. Cost of an acquire that finds an idle one: two promises.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { ResourcePool } from "espalier/sync";
 *
 * await taskGroup(async (group) => {
 *   let made = 0;
 *   const pool = new ResourcePool(group, { create: () => ({ id: ++made }), destroy: ({ id }) => console.log(`closes ${id}`), max: 5 });
 *   for (let n = 0; n < 3; n++) await pool.use((connection) => console.log(`uses ${connection.id}`), group); // uses 1, three times
 * }); // closes 1
 * ```
 */
export class ResourcePool<T> {
  readonly #options: ResourcePoolOptions<T>;
  readonly #group: TaskGroup;
  readonly #slots: Semaphore;
  readonly #idle: Idle<T>[] = [];
  readonly #leases = new Set<Lease<T>>();
  readonly #selfWaits: SelfWaits;
  /** When each resource was made: of all but the doomed. */
  readonly #madeAt = new Map<T, number>();
  readonly #doomed: T[] = [];
  /** How many applicants have a slot, and no lease yet: they make or look at one. */
  #unready = 0;
  /** There is something to tend to. */
  readonly #changed = new Event();
  #isClosed = false;

  constructor(group: TaskGroup, options: ResourcePoolOptions<T>) {
    const { max } = options;
    if (!(Number.isInteger(max) && max > 0)) throw new RangeError(`A ResourcePool needs a whole number from 1 up as max, and got ${String(max)}.`);
    this.#options = options;
    this.#group = group;
    this.#slots = unwatched(max, this.name);
    this.#selfWaits = new SelfWaits(this.name);
    show("pool", this.name, this, (pool) => [...pool.#leases].map(({ holder, since }) => ({ scope: observed(holder), since })));
    group.defer((scope) => this.#close(scope));
    group.spawn((scope) => this.#tend(scope), { name: `${this.name}: tend`, daemon: true });
  }

  get name(): string {
    return this.#options.name ?? "pool";
  }

  /**
   * Waits for a resource, and lends it. Rejects with the CancelledError of `scope`; with a {@link PoolExhaustedError} after
   * `acquireTimeout`; with a {@link ClosedError} `"CLOSED"` after the end of the pool; and with what `create` throws.
   *
   * Where all are held by functions that wait for this very acquire, its own or those of scopes around, it waits all the same,
   * and a warning of the process says so, once for each task; in debug mode a report.
   */
  acquire(scope: Scope): Promise<Lease<T>> {
    return operationOf(this.#acquire(scope, debugging ? Trace.ofCaller() : undefined));
  }

  async #acquire(scope: Scope, trace: Trace | undefined): Promise<Lease<T>> {
    scope.throwIfCancelled();
    this.#mustBeOpen();
    const by: Application = { scope, isOfBranch: isSplit(scope), trace };
    const ledger = this.#ledger;
    const account = ledger?.asks(scope);
    const free = this.#slots.tryAcquire();
    const slot = free ?? (await this.#slotInTime(scope, account));
    this.#unready++;
    try {
      if (free !== undefined) await scope.checkpoint();
      const resource = await this.#ready(scope);
      const lease: Lease<T> = lend(resource, by, (how) => {
        this.#leases.delete(lease);
        ledger?.gaveBack(lease);
        this.#selfWaits.cameBack();
        this.#takeBack(resource, how);
        slot.release();
      });
      this.#leases.add(lease);
      ledger?.holds(lease, account!);
      return lease;
    } catch (error) {
      slot.release();
      throw error;
    } finally {
      this.#unready--;
      if (this.#isClosed) this.#changed.set();
    }
  }

  /** Runs `fn` with a resource, and gives what it returns. Given back however it ends. */
  use<R>(fn: (resource: T) => R | PromiseLike<R>, scope: Scope): Promise<R> {
    const acquiring = this.#acquire(scope, debugging ? Trace.ofCaller() : undefined);
    return holding(acquiring, ({ resource }) => fn(resource));
  }

  statistics(): ResourcePoolStatistics {
    const holders = [...this.#leases].map((lease) => ({ name: lease.holder.name, since: lease.since, ...stackOf(lease) }));
    const { waiting } = this.#slots.statistics();
    return { max: this.#options.max, lent: holders.length, idle: this.#idle.length, waiting, holders, selfDeadlocked: this.#selfWaits.names };
  }

  async #slotInTime(scope: Scope, account: Account | undefined): Promise<Disposable & { release(): void }> {
    if (account !== undefined) this.#ledger?.waits(account);
    const { acquireTimeout = Infinity, max } = this.#options;
    const selfWait = this.#leases.size === max ? this.#selfWaits.notice(scope, this.#leases) : undefined;
    // A report of a deadlock shows the name.
    const name = selfWait === undefined ? this.name : `${this.name}, held by who waits for this`;
    try {
      const slot = await scope.moveOnAfter(acquireTimeout, (limited) => this.#slots.acquire(limited), { name });
      if (slot !== undefined) return slot;
      throw new PoolExhaustedError(this.name, acquireTimeout, this.#slots.statistics().waiting, [...this.#leases], max, scope, this.#selfWaits.has(selfWait));
    } finally {
      if (account !== undefined) this.#ledger?.leaves(account);
      this.#selfWaits.over(selfWait);
    }
  }

  get #ledger(): Ledger | undefined {
    const wayOut = "Give back before acquiring another (using, or pool.use()), pass on the one you have, or raise max.";
    return ledgerOf?.(this, { kind: "pool", name: this.name, wayOut, isFull: (held) => held >= this.#options.max });
  }

  /** An idle one that is still good, else a new one. */
  async #ready(scope: Scope): Promise<T> {
    for (;;) {
      this.#mustBeOpen();
      const idle = this.#idle.pop();
      if (idle === undefined) break;
      if (!this.#isOver(idle, scope.now()) && (await this.#isValid(idle.resource, scope))) return this.#toLend(idle.resource);
    }
    const resource = await this.#options.create(scope);
    this.#madeAt.set(resource, scope.now());
    // Another one may have come back meanwhile, and be one too many now.
    if (this.#idle.length > 0) this.#changed.set();
    return this.#toLend(resource);
  }

  /** What got ready when the pool had closed is destroyed with the others. */
  #toLend(resource: T): T {
    if (this.#isClosed) this.#doom(resource);
    this.#mustBeOpen();
    return resource;
  }

  /** False, and it is being destroyed, where it is not to be lent again: one that cannot even be asked is as good as one that says no. */
  async #isValid(resource: T, scope: Scope): Promise<boolean> {
    let isValid = false;
    try {
      isValid = (await this.#options.validate?.(resource, scope)) ?? true;
    } catch (error) {
      if (scope.cancelled) throw error;
    } finally {
      if (!isValid) this.#doom(resource);
    }
    return isValid;
  }

  /** True, and it is being destroyed, where it is too old. */
  #isOver({ resource, madeAt, since }: Idle<T>, now: number): boolean {
    const { idleTime = Infinity, lifeTime = Infinity, min = 0 } = this.#options;
    const isOver = now - madeAt >= lifeTime || (now - since >= idleTime && this.#madeAt.size > min);
    if (isOver) this.#doom(resource);
    return isOver;
  }

  #takeBack(resource: T, how: Return): void {
    if (how === "destroy" || this.#isClosed) return this.#doom(resource);
    this.#idle.push({ resource, madeAt: this.#madeAt.get(resource)!, since: this.#group.now() });
    this.#changed.set();
  }

  #doom(resource: T): void {
    this.#madeAt.delete(resource);
    this.#doomed.push(resource);
    this.#changed.set();
  }

  /** Destroys what is doomed, idle for too long, or too old, as long as the group lives. */
  #tend(scope: Scope): Promise<never> {
    return scope.group<never>(async (own) => {
      for (;;) {
        this.#changed.clear();
        const now = own.now();
        for (const idle of this.#idle.splice(0)) if (!this.#isOver(idle, now)) this.#idle.push(idle);
        this.#destroyDoomed(own);
        await own.moveOnAfter(this.#nextOver() - now, (limited) => this.#changed.wait(limited));
      }
    }, { name: `${this.name}: tend` });
  }

  /** When the first of those that are idle is over. */
  #nextOver(): number {
    const { idleTime = Infinity, lifeTime = Infinity, min = 0 } = this.#options;
    const isSpared = this.#madeAt.size <= min;
    return Math.min(Infinity, ...this.#idle.map(({ madeAt, since }) => Math.min(madeAt + lifeTime, isSpared ? Infinity : since + idleTime)));
  }

  #close(scope: Scope): Promise<void> {
    this.#isClosed = true;
    for (const { resource } of this.#idle.splice(0)) this.#doom(resource);
    return scope.group(async (own) => {
      for (;;) {
        this.#changed.clear();
        this.#destroyDoomed(own);
        if (this.#leases.size === 0 && this.#unready === 0) return;
        await this.#changed.wait(own);
      }
    }, { name: `${this.name}: close` });
  }

  #destroyDoomed(group: TaskGroup): void {
    for (const resource of this.#doomed.splice(0)) group.spawn((scope) => this.#destroy(resource, scope), { name: `${this.name}: destroy` });
  }

  async #destroy(resource: T, scope: Scope): Promise<void> {
    const { destroy, onDestroyError } = this.#options;
    try {
      await scope.shield((own) => destroy?.(resource, own));
    } catch (error) {
      if (onDestroyError === undefined) throw error;
      await onDestroyError(error, resource);
    }
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new ClosedError("CLOSED", `The pool "${this.name}" has ended with its group, and lends nothing any more. Acquire where the group lives.`);
  }
}
