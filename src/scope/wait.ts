import type { CancelledError } from "../errors/cancelled.ts";
import type { ObservedWait } from "../ports/probe.ts";
import type { ScopeNode, Waiting } from "./node.ts";
import { watcher } from "./watch.ts";

/**
 * Somebody who waits in a node, from its making until it leaves: by itself, or because the node lets it go.
 * Whoever takes it out settles it. One that has left is not found again, which is why a value that was handed
 * over beats a later cancellation (G8).
 */
export abstract class Wait implements Waiting, ObservedWait {
  abstract readonly label: string;
  readonly scope: ScopeNode;
  parked = true;

  constructor(node: ScopeNode) {
    this.scope = node;
    const { waits } = node;
    // Most nodes have one wait at a time.
    if (waits === undefined) node.waits = this;
    else if (waits instanceof Set) waits.add(this);
    else node.waits = new Set([waits, this]);
  }

  /** Told after it left because of `cause`. Must not throw. */
  abstract interrupt(cause: CancelledError): void;

  leave(): void {
    if (!this.parked) return;
    this.parked = false;
    const { scope } = this;
    const { waits } = scope;
    if (waits === this) scope.waits = undefined;
    else if (waits instanceof Set && waits.delete(this) && waits.size === 0) scope.waits = undefined;
    if (watcher !== undefined) watcher.unparked(this);
  }
}

/** Tells whoever watches of a new wait; the last thing that its constructor does. */
export function announce(wait: Wait): void {
  if (watcher !== undefined) watcher.parked(wait);
}
