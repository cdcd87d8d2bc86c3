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
  /** Itself for the only one; nobody once it has left. */
  next: Wait;
  #prev: Wait;

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
    return this.next !== undefined;
  }

  leave(): void {
    const { next, scope } = this;
    if (next === undefined) return;
    if (next === this) scope.waits = undefined;
    else if (scope.waits === this) scope.waits = this.#prev;
    next.#prev = this.#prev;
    this.#prev.next = next;
    // Those that have left keep no others alive.
    this.next = this.#prev = undefined as never;
    if (watcher !== undefined) watcher.unparked(this);
  }
}

/** Tells whoever watches of a new wait; the last thing that its constructor does. */
export function announce(wait: Wait): void {
  if (watcher !== undefined) watcher.parked(wait);
}
