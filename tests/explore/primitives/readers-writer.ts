/**
 * A readers-writer lock: many readers or one writer, first come, first served.
 *
 * Invariants
 *   1. While there is a writer, there is nobody else.
 *   2. Nobody passes one that waits: readers behind a writer wait for it, so it gets its turn.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import { Waiters, type Waiting } from "./waiters.ts";

interface Visitor extends Waiting {
  readonly isWriter: boolean;
}

export class ReadersWriter {
  readonly #waiting = new Waiters<void, Visitor>();
  #readers = 0;
  #isWriting = false;

  read(scope: Scope): Promise<void> {
    return this.#enter(scope, false);
  }

  write(scope: Scope): Promise<void> {
    return this.#enter(scope, true);
  }

  endRead(): void {
    this.#readers--;
    this.#admit();
  }

  endWrite(): void {
    this.#isWriting = false;
    this.#admit();
  }

  #enter(scope: Scope, isWriter: boolean): Promise<void> {
    return park<void>(scope, isWriter ? "write" : "read", (waiter) => {
      const takeOut = this.#waiting.add({ waiter, isWriter });
      this.#admit();
      // Behind a writer that gives up there may be readers whom only it held up.
      return () => {
        takeOut();
        this.#admit();
      };
    });
  }

  #admit(): void {
    for (let first = this.#waiting.first; first !== undefined && this.#hasRoomFor(first); first = this.#waiting.first) {
      if (!this.#waiting.hand(first, undefined)) continue;
      if (first.isWriter) this.#isWriting = true;
      else this.#readers++;
    }
  }

  #hasRoomFor({ isWriter }: Visitor): boolean {
    return !this.#isWriting && (!isWriter || this.#readers === 0);
  }
}
