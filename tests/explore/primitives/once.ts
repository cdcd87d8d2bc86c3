/**
 * A value that is made once, by the first one that asks for it, and kept until it is dropped.
 *
 * Invariants
 *   1. At most one maker works at a time, and none while there is a value.
 *   2. A maker that fails or is cancelled leaves nothing behind: the next one that waits makes it.
 *   3. What was made from before `drop` is not kept after it.
 */
import type { Scope } from "espalier";
import { Lock } from "./lock.ts";

export class Once<T> {
  readonly #making = new Lock();
  readonly #make: (scope: Scope) => Promise<T>;
  #kept: { readonly value: T } | undefined;
  #drops = 0;

  constructor(make: (scope: Scope) => Promise<T>) {
    this.#make = make;
  }

  async get(scope: Scope): Promise<T> {
    if (this.#kept !== undefined) return this.#kept.value;
    return this.#making.hold(scope, async () => {
      if (this.#kept !== undefined) return this.#kept.value;
      const drops = this.#drops;
      const value = await this.#make(scope);
      if (drops === this.#drops) this.#kept = { value };
      return value;
    });
  }

  drop(): void {
    this.#kept = undefined;
    this.#drops++;
  }
}
