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
import type { Ending } from "../../ports/probe.ts";
import type { ScopeNode } from "../../scope/node.ts";
import { announce } from "../../scope/wait.ts";
import type { Line, Linked } from "../../sync/line.ts";
import { closeDown, isBusy, surface } from "../../task/enclose.ts";
import { OpenedScope } from "../../task/opened-scope.ts";
import { Parking, quiet } from "../../task/park.ts";
import type { Declaration, RunOptions } from "../contract.ts";
import { knownBy } from "../work.ts";

/** Where a call is in the tree: what it calls back runs below it. */
class CallScope extends OpenedScope {
  constructor(parent: ScopeNode, named: { readonly name: string }) {
    super("work", parent, named, parent.clock);
  }

  of: Call | undefined = undefined;

  override limitMoved(): void {
    this.of?.limitMoved();
  }
}

/** Told of what happens to the scope of a call. */
export interface Canceller {
  limitMoved(call: Call): void;
  cancelled(call: Call, cause: CancelledError): void;
  /** It asks its caller for one thing more, or for one less. */
  asks(change: 1 | -1): void;
}

export class Call extends Parking<unknown> implements Linked {
  line: Line<never> | undefined = undefined;
  before: Linked | undefined = undefined;
  after: Linked | undefined = undefined;
  state: "waiting" | "queued" | "sent" | "over" = "waiting";
  /** Its scope has ended without it. */
  isAbandoned = false;
  /** How many workers have died that had it and had begun nothing. */
  deaths = 0;
  /** How much it is asking its caller for. */
  asked = 0;
  /** Its worker does nothing else while it asks. */
  blocksWorker = false;
  /** With the worker that has it. */
  slot = -1;
  generation = 0;
  readonly declaration: Declaration;
  readonly input: unknown;
  readonly options: RunOptions;
  readonly submittedAt: number;
  readonly #canceller: Canceller;

  constructor(parent: ScopeNode, declaration: Declaration, input: unknown, options: RunOptions, submittedAt: number, canceller: Canceller) {
    const scope = new CallScope(parent, knownBy(declaration, input));
    super(scope);
    this.declaration = declaration;
    this.input = input;
    this.options = options;
    this.submittedAt = submittedAt;
    this.#canceller = canceller;
    scope.call = this.promise;
    scope.of = this;
    announce(this);
  }

  get label(): string {
    return `work ${this.work}`;
  }

  /** The name of its work. */
  get work(): string {
    return knownBy(this.declaration, this.input).name;
  }

  /** Its input is no more here once it was sent. */
  get isHandedOver(): boolean {
    const { transfer } = this.options;
    return transfer !== undefined && transfer.length > 0;
  }

  limitMoved(): void {
    this.#canceller.limitMoved(this);
  }

  asks(change: 1 | -1): void {
    this.asked += change;
    this.#canceller.asks(change);
  }

  override interrupt(cause: CancelledError): void {
    this.#canceller.cancelled(this, cause);
  }

  succeed(value: unknown): void {
    if (this.#isLeft("succeeded")) this.fulfil(value);
    else void this.#wayOut("succeeded").then(() => this.fulfil(value));
  }

  fail(error: unknown): void {
    if (this.#isLeft("failed", error)) this.refuse(surface(this.scope, error));
    else void this.#wayOut("failed", error).then((failures) => this.refuse(surface(this.scope, firstOf([error, ...failures]))));
  }

  /** Ends as its scope was cancelled. */
  cancel(cause: CancelledError): void {
    // Before it is rejected: afterwards the platform would note it as unhandled, and take the note back.
    quiet(this.promise);
    const reason = (): CancelledError => this.scope.parent?.cause ?? cause;
    if (this.#isLeft("cancelled")) this.refuse(reason());
    else void this.#wayOut("cancelled").then(() => this.refuse(reason()));
  }

  /** Leaves the tree; false if something still runs below. */
  #isLeft(how: Ending, error?: unknown): boolean {
    const node = this.scope;
    this.leave();
    if (isBusy(node)) return false;
    node.finish();
    node.leave(how, error);
    return true;
  }

  async #wayOut(how: Ending, error?: unknown): Promise<readonly unknown[]> {
    const failures = await closeDown(this.scope, false);
    this.scope.leave(how, error);
    return failures;
  }
}
