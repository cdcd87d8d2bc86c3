import type { Clock } from "../ports/clock.ts";
import type { Ending } from "../ports/probe.ts";
import { type Label, ScopeNode } from "../scope/node.ts";
import { watcher } from "../scope/watch.ts";

/** A scope that a call opened: a group, a time limit, a shield, a program. */
export class OpenedScope extends ScopeNode {
  readonly kind: string;
  readonly clock: Clock;
  /** The promise of that call. */
  call: Promise<unknown> | undefined = undefined;
  /** Opened with the scope of a group by one of its tasks as it was called: not the body's to wait for (G16). */
  readonly isOpenedByTask: boolean;
  /** When it was opened, where that matters for its time limit. */
  openedAt: number = Number.NaN;

  constructor(kind: string, parent: ScopeNode, label: Label, clock: Clock) {
    super(parent, label, kind === "shield");
    this.clock = clock;
    this.kind = kind;
    if (watcher !== undefined) watcher.opened(this);
    const rare = (parent.rare ??= {});
    rare.scopes = (rare.scopes ?? 0) + 1;
    this.isOpenedByTask = rare.isCallingTask === true;
  }

  override leave(how?: Ending, error?: unknown): void {
    const rare = this.parent?.rare;
    if (rare !== undefined) rare.scopes = (rare.scopes ?? 1) - 1 || undefined;
    super.leave(how, error);
  }

  override get shielded(): boolean {
    return this.kind === "shield";
  }
}
