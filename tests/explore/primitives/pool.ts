/**
 * A pool of resources that are slow to open: at most so many, used by one at a time, opened when needed.
 *
 * Invariants
 *   1. What is open, being opened or promised to be opened never exceeds the limit.
 *   2. A resource is in the stack of idle ones, or with one user, or on its way to one.
 *   3. A place whose opening fails is free again, and goes to the next one that waits.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import { Waiters } from "./waiters.ts";

export interface Resource {
  /** The idle resource below this one. */
  next?: Resource | undefined;
}

export interface Resources<R extends Resource> {
  open(scope: Scope): Promise<R>;
  /** Whether an idle one can still be used. */
  check(resource: R, scope: Scope): Promise<void>;
}

export class Pool<R extends Resource> {
  /** With a resource, or with the place for a new one. */
  readonly #waiting = new Waiters<R | undefined>();
  readonly #resources: Resources<R>;
  #places: number;
  #idle: R | undefined;

  constructor(most: number, resources: Resources<R>) {
    this.#places = most;
    this.#resources = resources;
  }

  async acquire(scope: Scope): Promise<R> {
    const resource = await this.#take(scope);
    try {
      if (resource === undefined) return await this.#resources.open(scope);
      await this.#resources.check(resource, scope);
      return resource;
    } catch (error) {
      this.#giveUp();
      throw error;
    }
  }

  release(resource: R): void {
    if (this.#waiting.wake(resource) !== undefined) return;
    resource.next = this.#idle;
    this.#idle = resource;
  }

  #take(scope: Scope): Promise<R | undefined> {
    return park<R | undefined>(scope, "pool", (waiter) => {
      const resource = this.#idle;
      if (resource === undefined && this.#places === 0) return this.#waiting.add({ waiter });
      if (resource === undefined) this.#places--;
      else this.#idle = resource.next as R | undefined;
      return void waiter.resolve(resource);
    });
  }

  /** The place of a resource that is none. */
  #giveUp(): void {
    if (this.#waiting.wake(undefined) === undefined) this.#places++;
  }
}
