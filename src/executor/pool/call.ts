/**
 * One call of a work, as the pool knows it, and its scope.
 *
 *   waiting ──admitted──▶ queued ──sent to a worker──▶ sent ──result──▶ over
 *      │                    │  ▲                        │
 *      │                    │  └───withdrawn, given back┤
 *      └──cancelled──▶ over ◀──────cancelled────────────┘ at once if no worker had begun it; else when its worker says so,
 *                                                         or is gone ("terminate"); at once for its caller alone ("abandon")
 *
 * Invariants
 *   1. The promise settles once, and not before the scope of the call has ended and left the tree.
 *   2. A call is in one line at most: of those who wait for room, of a party of the backlog, of what a worker has.
 *   3. The load of the pool counts it from its admission until it is over for the pool; an abandoned one, too.
 */
import type { CancelledError } from "../../errors/cancelled.ts";
import { firstOf } from "../../errors/suppressed.ts";
import type { ScopeNode } from "../../scope/node.ts";
import { announce, Wait } from "../../scope/wait.ts";
import type { Line, Linked } from "../../sync/line.ts";
import { closeDown, isBusy, surface } from "../../task/enclose.ts";
import { OpenedScope } from "../../task/opened-scope.ts";
import { quiet } from "../../task/park.ts";
import type { Declaration, RunOptions } from "../contract.ts";

/** Where a call is in the tree: what it calls back runs below it. */
class CallScope extends OpenedScope {
  constructor(parent: ScopeNode, declaration: Declaration) {
    super("work", parent, declaration, parent.clock);
  }
}

/** Told of the cancellation of a call. */
export interface Canceller {
  cancelled(call: Call, cause: CancelledError): void;
}

export class Call extends Wait implements Linked {
  line: Line<never> | undefined = undefined;
  before: Linked | undefined = undefined;
  after: Linked | undefined = undefined;
  state: "waiting" | "queued" | "sent" | "over" = "waiting";
  /** Its scope has ended without it. */
  isAbandoned = false;
  /** With the worker that has it. */
  slot = -1;
  generation = 0;
  readonly declaration: Declaration;
  readonly input: unknown;
  readonly options: RunOptions;
  readonly submittedAt: number;
  readonly promise: Promise<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  readonly #canceller: Canceller;

  constructor(parent: ScopeNode, declaration: Declaration, input: unknown, options: RunOptions, submittedAt: number, canceller: Canceller) {
    const scope = new CallScope(parent, declaration);
    super(scope);
    this.declaration = declaration;
    this.input = input;
    this.options = options;
    this.submittedAt = submittedAt;
    this.#canceller = canceller;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    scope.call = this.promise;
    announce(this);
  }

  get label(): string {
    return `work ${this.declaration.name}`;
  }

  /** What is under way is not of this thread: virtual time stands still for it. */
  get isOutside(): boolean {
    return true;
  }

  override interrupt(cause: CancelledError): void {
    this.#canceller.cancelled(this, cause);
  }

  succeed(value: unknown): void {
    this.#end(() => this.#resolve(value));
  }

  fail(error: unknown): void {
    this.#end((failures) => this.#reject(surface(this.scope, firstOf([error, ...failures]))));
  }

  /** Ends as its scope was cancelled. */
  cancel(cause: CancelledError): void {
    quiet(this.promise);
    this.#end(() => this.#reject(this.scope.parent?.cause ?? cause));
  }

  #end(settle: (failures: readonly unknown[]) => void): void {
    const node = this.scope;
    this.leave();
    if (isBusy(node)) return void closeDown(node, false).then((failures) => this.#left(settle, failures));
    node.finish();
    this.#left(settle, []);
  }

  #left(settle: (failures: readonly unknown[]) => void, failures: readonly unknown[]): void {
    this.scope.leave();
    settle(failures);
  }
}
