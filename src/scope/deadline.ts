import { CancelledError } from "../errors/cancelled.ts";
import type { Timer } from "../ports/clock.ts";
import { type ScopeNode, spreadLimit, type TimeLimit } from "./node.ts";

/** The own time limit of a node: a timer that cancels it. To move it, replace it. */
class Deadline implements Timer, TimeLimit {
  readonly at: number;
  readonly ms: number;
  slot = -1;
  readonly scope: ScopeNode;

  constructor(node: ScopeNode, at: number, ms: number) {
    this.scope = node;
    this.at = at;
    this.ms = ms;
  }

  get label(): string {
    return "deadline";
  }

  fire(): void {
    this.disarm();
    this.scope.expireWith(new CancelledError("deadline", this.scope.name));
  }

  disarm(): void {
    if (this.slot >= 0) this.scope.clock.disarm(this);
  }
}

/** Gives `node` the time limit `at`, in place of the one it had; `ms` is the time allowed, for messages. */
export function setDeadline(node: ScopeNode, at: number, ms: number): void {
  const rare = (node.rare ??= {});
  rare.ownLimit?.disarm();
  const deadline = new Deadline(node, at, ms);
  rare.ownLimit = deadline;
  // A cancelled scope is never un-cancelled, so nothing is left to wait for.
  if (at < Infinity && node.cause === undefined) node.clock.arm(deadline);
  spreadLimit(node);
}
