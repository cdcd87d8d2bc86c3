import type { CancelledError } from "../errors/cancelled.ts";
import type { ObservedWait } from "../ports/probe.ts";
import type { ScopeNode, Waiting } from "./node.ts";
import { watcher } from "./watch.ts";

/**
 * Somebody who waits in a node, from its making until it leaves: by itself, or because the node lets it go.
 * Whoever takes it out settles it. One that has left is not found again, which is why a value that was handed
 * over beats a later cancellation (G8).
 *
 * The waits of a node are a ring in the order of coming, and the node holds the last.
 */
export abstract class Wait implements Waiting, ObservedWait {
  abstract readonly label: string;
  readonly scope: ScopeNode;
  next: Wait;
  #prev: Wait;
  #parked = true;

  constructor(node: ScopeNode) {
    this.scope = node;
    const last = node.waits as Wait | undefined;
    this.next = last === undefined ? this : last.next;
    this.#prev = last === undefined ? this : last;
    this.next.#prev = this;
    this.#prev.next = this;
    node.waits = this;
  }

  /** Told after it left because of `cause`. Must not throw. */
  abstract interrupt(cause: CancelledError): void;

  get parked(): boolean {
    return this.#parked;
  }

  leave(): void {
    if (!this.#parked) return;
    this.#parked = false;
    if (this.next === this) this.scope.waits = undefined;
    else if (this.scope.waits === this) this.scope.waits = this.#prev;
    this.next.#prev = this.#prev;
    this.#prev.next = this.next;
    // Not kept alive by one another once they left.
    this.next = this.#prev = this;
    if (watcher !== undefined) watcher.unparked(this);
  }
}
