/**
 * What a user holds of a scope: an object whose only own property is `signal`, enumerable, so that spreading
 * it (`{ ...scope }`) and passing it as `{ signal }` both work. The node behind it is private.
 */
import type { CancelledError } from "../errors/cancelled.ts";
import { type CancelHandler, nodeOfSignal, type ScopeNode } from "../scope/node.ts";
import { guarded } from "../scope/report.ts";
import type { Cancellable } from "./capabilities.ts";
import { scopeEnded } from "./misuse.ts";

/**
 * An accessor, because making an AbortSignal for each scope would cost more than the rest of a task, and
 * aborting each more than the rest of a cancellation. `__defineGetter__` (Annex B, in every runtime) makes it
 * in 0.6 of the time of `defineProperty`.
 */
const defineGetter = (Object.prototype as unknown as { __defineGetter__(key: string, get: () => unknown): void }).__defineGetter__;

function signal(this: Face): AbortSignal {
  return Face.node(this).signal;
}

export class Face implements Cancellable {
  readonly #node: ScopeNode;
  declare readonly signal: AbortSignal;

  constructor(node: ScopeNode) {
    this.#node = node;
    defineGetter.call(this, "signal", signal);
  }

  /** The node behind a face. */
  static node(face: Face): ScopeNode {
    return face.#node;
  }

  /** The node behind whatever carries a signal of ours; `undefined` for a foreign signal. */
  static find(cancellable: Cancellable): ScopeNode | undefined {
    return #node in cancellable ? (cancellable as Face).#node : nodeOfSignal(cancellable.signal);
  }

  get name(): string {
    return this.#node.name;
  }

  get cancelled(): boolean {
    return this.#node.interruption !== undefined;
  }

  get reason(): CancelledError | undefined {
    return this.#node.interruption;
  }

  get deadline(): number {
    const node = this.#node;
    return node.interruption === undefined ? (node.limit?.at ?? Infinity) : -Infinity;
  }

  now(): number {
    return this.#node.clock.now();
  }

  throwIfCancelled(): void {
    const node = this.#node;
    if (node.ended) throw scopeEnded(node, "throwIfCancelled()");
    const cause = node.interruption;
    if (cause !== undefined) throw cause;
  }

  onCancel(handler: CancelHandler): Disposable {
    const node = this.#node;
    requireFunction(handler, "onCancel()", "the handler");
    if (node.ended) throw scopeEnded(node, "onCancel()");
    const registered = { call: handler };
    const cause = node.interruption;
    if (cause === undefined) ((node.rare ??= {}).handlers ??= new Set()).add(registered);
    else guarded(handler, cause);
    return { [Symbol.dispose]: () => void node.rare?.handlers?.delete(registered) };
  }
}

/** A TypeError that names the call, unless `value` is a function. */
export function requireFunction(value: unknown, call: string, what: string): void {
  if (typeof value === "function") return;
  const seen = value === null ? "null" : typeof value;
  const promise = typeof (value as PromiseLike<unknown> | undefined | null)?.then === "function";
  const hint = promise ? " It is a promise: what it stands for runs already. Pass the function itself, without calling it." : "";
  throw new TypeError(`${call} needs a function as ${what}, and got ${promise ? "a promise" : seen}.${hint}`);
}

/** A RangeError that names the call, unless `ms` is a number. */
export function requireMs(ms: unknown, call: string): asserts ms is number {
  if (typeof ms === "number" && ms === ms) return;
  throw new RangeError(`${call} needs a number of milliseconds, and got ${String(ms)}. Infinity means no limit.`);
}
