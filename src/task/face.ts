/**
 * What a user holds of a scope: an object whose only own property is `signal`, enumerable, so that spreading
 * it (`{ ...scope }`) and passing it as `{ signal }` both work. The node behind it is private.
 */
import type { CancelledError } from "../errors/cancelled.ts";
import { type CancelHandler, nodeOfSignal, type ScopeNode } from "../scope/node.ts";
import { recent, remember } from "../scope/recent.ts";
import { guarded } from "../scope/report.ts";
import type { Cancellable } from "./capabilities.ts";
import { scopeEnded } from "./misuse.ts";

/** Gives the node of a face, to this library only. */
const NODE: unique symbol = Symbol("espalier.node") as never;
type Behind = { readonly [NODE]: ScopeNode };

/**
 * The property is an accessor, because an AbortSignal for each scope would cost more than all else, to make
 * and to abort. `__defineGetter__` (Annex B, in every runtime) makes it in 0.6 of the time of `defineProperty`.
 */
const defineGetter = (Object.prototype as unknown as { __defineGetter__(key: string, get: () => unknown): void }).__defineGetter__;

function signal(this: Face): AbortSignal {
  return nodeOf(this).signal;
}

/** The node behind a face. */
export function nodeOf(face: Face): ScopeNode {
  return (face as unknown as Behind)[NODE];
}

/** The node behind whatever carries a signal of ours; `undefined` for a foreign signal. */
export function findNode(cancellable: Cancellable): ScopeNode | undefined {
  const known = recent(cancellable) as ScopeNode | undefined;
  if (known !== undefined) return known;
  const own = (cancellable as unknown as Partial<Behind>)[NODE];
  if (own === undefined) return nodeOfSignal(cancellable.signal);
  remember(cancellable, own);
  return own;
}

export class Face implements Cancellable {
  readonly #node: ScopeNode;
  declare readonly signal: AbortSignal;

  constructor(node: ScopeNode) {
    this.#node = node;
    defineGetter.call(this, "signal", signal);
  }

  static {
    Object.defineProperty(Face.prototype, NODE, {
      get(this: Face): ScopeNode {
        return this.#node;
      },
    });
    Object.defineProperty(Face.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: Face.prototype.toString });
  }

  toString(): string {
    return nodeOf(this).toString();
  }

  get name(): string {
    return nodeOf(this).name;
  }

  get cancelled(): boolean {
    return nodeOf(this).interruption !== undefined;
  }

  get reason(): CancelledError | undefined {
    return nodeOf(this).interruption;
  }

  get deadline(): number {
    const node = nodeOf(this);
    return node.interruption === undefined ? (node.limit?.at ?? Infinity) : -Infinity;
  }

  now(): number {
    return nodeOf(this).clock.now();
  }

  throwIfCancelled(): void {
    const node = nodeOf(this);
    if (node.ended) throw scopeEnded(node, "throwIfCancelled()");
    const cause = node.interruption;
    if (cause !== undefined) throw cause;
  }

  onCancel(handler: CancelHandler): Disposable {
    const node = nodeOf(this);
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

/**
 * The same face for the many: tasks. An accessor costs as much as all the rest of a task; a proxy is made in a
 * fifth of that, and is a little slower to use. `prototype` is that of a Face class.
 */
export function windowOn<F extends Face>(prototype: F): (node: ScopeNode) => F {
  const refuse = (): boolean => false;
  const handler: ProxyHandler<ScopeNode> = {
    get(node, key, self) {
      if (key === NODE) return node;
      return key === "signal" ? node.signal : Reflect.get(prototype, key, self);
    },
    has: (_, key) => key === "signal" || key in prototype,
    ownKeys: () => ["signal"],
    getOwnPropertyDescriptor(node, key) {
      return key === "signal" ? { value: node.signal, enumerable: true, configurable: true } : undefined;
    },
    getPrototypeOf: () => prototype,
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  };
  return (node) => new Proxy(node, handler) as unknown as F;
}
