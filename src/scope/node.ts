/**
 * The tree: who belongs to whom, what is cancelled, with which cause, until when.
 *
 * A node is what propagates. Who decides (the user's `CancelScope`, a task, a group) holds a node and acts on
 * it. Everything here is synchronous: no promise, no timer, no platform but AbortSignal.
 *
 *        open ──────── cancel() ───────▶ cancelled
 *          │                                 │       its function runs in either state;
 *      finish()                          finish()    in the second its waits throw
 *          ▼                                 ▼
 *        ended ◀─────────────────────────────┘       cleanups may run; no cancellation reaches it any more
 *          │
 *       leave()
 *          ▼
 *        out of the tree; it can still be read
 *
 * Invariants
 *   1. A node is a child of its parent from its making until `leave()`, and its parent leaves after it.
 *   2. `cause` is set once and never changes. Below a cancelled node all have a cause, except in shields that
 *      were not cancelled themselves, and in ended nodes.
 *   3. A cancellation is one CancelledError, however many nodes it reaches; in each node the first one stays.
 *   4. By the time any code of the user runs because of a cancellation, every node that it reaches has its
 *      cause, every wait in them has left, and every signal of theirs reads as aborted.
 *   5. `limit` is the earliest time limit of the node and its ancestors up to and including the first shield.
 *   6. Nothing waits in an ended node.
 */
import { CancelledError } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";
import type { Ending, Observed } from "../ports/probe.ts";
import { Branch } from "./branch.ts";
import { forget } from "./recent.ts";
import { guarded } from "./report.ts";
import { abortAll, createSignal, ownerOfSignal } from "./signal.ts";
import { watcher } from "./watch.ts";

/** A name, or the function whose name it is, looked up when somebody asks. */
export type Label = string | { readonly name: string } | undefined;
export type CancelHandler = (reason: CancelledError) => unknown;

/** What is parked in a node: see `Wait`, which implements it. */
export interface Waiting {
  leave(): void;
  interrupt(cause: CancelledError): void;
}

/** A time limit: see `Deadline`, which implements it. */
export interface TimeLimit {
  readonly at: number;
  readonly ms: number;
  fire(): void;
  disarm(): void;
}

/** What most nodes never have. */
interface Rare {
  controller?: AbortController;
  handlers?: Set<{ readonly call: CancelHandler }>;
  cleanups?: (() => Promise<unknown>)[];
  /** The node's own time limit, which may be later than one further out. */
  ownLimit?: TimeLimit;
  /** How many of its children are scopes that a function opened; set while there are any. */
  scopes?: number | undefined;
  /** For the node of a group: one of its tasks is being called right now. */
  isCallingTask?: boolean;
  /** Who waits for the end of a task. */
  joiners?: Set<() => void>;
  /** Called when the last child has left. */
  onEmpty?: (() => void) | undefined;
  /** Called when the function that opened it ended without waiting for it. */
  onDisowned?: () => void;
  /** What debug mode keeps of it. */
  life?: object;
  /** Collects what fails in it after its parent's function ended without waiting for it (G16). */
  orphanErrors?: unknown[];
}

export abstract class ScopeNode extends Branch<ScopeNode> implements Observed {
  /** What it is, for messages: `"task"`, or how the scope was opened. */
  abstract readonly kind: string;
  abstract readonly clock: Clock;
  cause: CancelledError | undefined;
  limit: TimeLimit | undefined;
  ended = false;
  /** What waits in it: nothing, the one, or all in the order of coming. */
  waits: Waiting | Set<Waiting> | undefined = undefined;
  rare: Rare | undefined = undefined;
  readonly #label: Label;

  constructor(parent: ScopeNode | undefined, label: Label, shielded = false) {
    super(parent);
    const above = shielded ? undefined : parent;
    this.#label = label;
    this.cause = above === undefined ? undefined : above.cause;
    this.limit = above === undefined ? undefined : above.limit;
  }

  /** Whether the cancellation and the deadlines of its ancestors end here. */
  get shielded(): boolean {
    return false;
  }

  get name(): string {
    const label = this.#label;
    try {
      const name: unknown = typeof label === "string" ? label : label?.name;
      if (typeof name === "string" && name !== "") return name;
    } catch {
      // A function may have any property by the name of `name`.
    }
    return this.kind;
  }

  override toString(): string {
    const { cause, ended, kind, name } = this;
    return `${kind} "${name}" (${ended ? "ended" : cause === undefined ? "running" : `cancelled: ${cause.message}`})`;
  }

  /** For logs: the insides of a tree are circular. */
  toJSON(): string {
    return this.toString();
  }

  get owner(): Observed | undefined {
    return this.parent === forest ? undefined : this.parent;
  }

  /** The cause, if the node is cancelled by now: reads the clock, so that a passed deadline counts at once (G18). */
  get interruption(): CancelledError | undefined {
    if (this.limit !== undefined && this.cause === undefined && !this.ended && this.limit.at <= this.clock.now()) expire(this);
    return this.cause;
  }

  /** Made when first asked for: most scopes are never shown to the platform. */
  get signal(): AbortSignal {
    const rare = (this.rare ??= {});
    if (rare.controller === undefined) {
      rare.controller = createSignal(this);
      if (this.interruption !== undefined) rare.controller.abort(this.cause);
    }
    return rare.controller.signal;
  }

  /**
   * Cancels the node and all below it that is not shielded. Nothing if it has ended, or is cancelled already: by a
   * deadline, too, that has passed and was not seen yet.
   */
  cancelWith(cause: CancelledError): void {
    if (this.interruption === undefined) this.expireWith(cause);
  }

  /** Told that `limit` is another one. */
  limitMoved(): void {}

  /** As `cancelWith`, for a deadline itself. */
  expireWith(cause: CancelledError): void {
    if (this.cause !== undefined || this.ended) return;
    const reached = mark(this, cause);
    const waits: Waiting[] = [];
    const controllers: AbortController[] = [];
    for (const node of reached) {
      node.takeWaits(waits);
      if (node.rare?.controller !== undefined) controllers.push(node.rare.controller);
    }
    if (controllers.length > 0) abortAll(controllers, cause);
    for (const wait of waits) wait.interrupt(cause);
    for (const node of reached) {
      const handlers = node.rare?.handlers;
      if (handlers === undefined) continue;
      for (const handler of handlers) {
        handlers.delete(handler);
        guarded(handler.call, cause);
      }
    }
  }

  /** Its function and its tasks are through: what still waits in it is let go, and no cancellation reaches it. */
  finish(): void {
    this.ended = true;
    forget(this);
    if (this.waits !== undefined) {
      const cause = new CancelledError("ended", this.name);
      for (const wait of this.takeWaits([])) wait.interrupt(cause);
    }
    const rare = this.rare;
    if (rare === undefined) return;
    if (rare.handlers !== undefined) rare.handlers.clear();
    if (rare.ownLimit !== undefined) rare.ownLimit.disarm();
  }

  leave(how: Ending = "succeeded", error?: unknown): void {
    this.prune();
    if (watcher !== undefined) watcher.ended(this, how, error);
    emptied(this.parent);
  }

  /** Goes, with all below it, to another parent, whose cancellation and deadline it obeys from now on (G15). */
  moveTo(parent: ScopeNode): void {
    const old = this.parent;
    this.transplant(parent);
    spreadLimit(this);
    emptied(old);
    if (parent.cause !== undefined) this.cancelWith(parent.cause);
  }

  /** Moves all waits to `taken`, in the order in which they came. */
  takeWaits(taken: Waiting[]): Waiting[] {
    const { waits } = this;
    if (waits instanceof Set) {
      for (const wait of waits) {
        wait.leave();
        taken.push(wait);
      }
    } else if (waits !== undefined) {
      waits.leave();
      taken.push(waits);
    }
    return taken;
  }
}

class Forest extends ScopeNode {
  get kind(): string {
    return "forest";
  }

  /** Nothing waits here, and nothing here has a time limit. */
  get clock(): never {
    throw new Error("the forest has no clock");
  }
}

// Node's and Deno's console ask for this, of what is behind a proxy with the proxy as `this`.
Object.defineProperty(ScopeNode.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: unknown): string {
    return String(this);
  },
});

/** The owner of all roots. It is never cancelled and never ends. */
export const forest: ScopeNode = new Forest(undefined, undefined);

// For who looks into the program from outside (`espalier tree`): every copy of the library in it has one.
((globalThis as unknown as Record<symbol, ScopeNode[] | undefined>)[Symbol.for("espalier.forests")] ??= []).push(forest);

/** The scope to which a signal belongs, if this copy of the package made it. */
export function nodeOfSignal(signal: AbortSignal | undefined): ScopeNode | undefined {
  return ownerOfSignal(signal) as ScopeNode | undefined;
}

function emptied(node: ScopeNode | undefined): void {
  if (node !== undefined && node.first === undefined && node.rare !== undefined) node.rare.onEmpty?.();
}

/** Sets the cause wherever it reaches; gives the nodes where somebody must be told. */
function mark(top: ScopeNode, cause: CancelledError): ScopeNode[] {
  const reached: ScopeNode[] = [];
  ScopeNode.walk(top, (node) => {
    if (node !== top && (node.shielded || node.ended || node.cause !== undefined)) return false;
    node.cause = cause;
    if (node.waits !== undefined || node.rare !== undefined) reached.push(node);
    if (watcher !== undefined) watcher.cancelled(node);
    return true;
  });
  return reached;
}

/** Restores invariant 5 for `top` and below, after a time limit or a parent changed. */
export function spreadLimit(top: ScopeNode): void {
  ScopeNode.walk(top, (node) => {
    const above = node.shielded ? undefined : node.parent?.limit;
    const own = node.rare?.ownLimit;
    const limit = own === undefined || (above !== undefined && above.at <= own.at) ? above : own;
    const changed = limit !== node.limit;
    node.limit = limit;
    if (changed) node.limitMoved();
    return changed;
  });
}

/** Lets the deadlines that have passed take effect: the earliest first, of equal ones the outermost. */
function expire(node: ScopeNode): void {
  const now = node.clock.now();
  const passed: TimeLimit[] = [];
  for (let at: ScopeNode | undefined = node; at !== undefined; at = at.shielded ? undefined : at.parent) {
    const limit = at.rare?.ownLimit;
    if (limit !== undefined && limit.at <= now) passed.unshift(limit);
  }
  for (const limit of passed.sort((a, b) => a.at - b.at)) limit.fire();
}
