import type { TaskGroup } from "../../index.ts";
import type { Route } from "./route.ts";
import { type Keeper, Visit } from "./visit.ts";

/** A request whose client is watched by a signal, if by any: that of a web Request. */
export class SignalVisit<T> extends Visit<T> {
  readonly #signal: AbortSignal | undefined;
  readonly #handler: (group: TaskGroup) => T | PromiseLike<T>;
  #gone: (() => void) | undefined;

  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;

  constructor(keeper: Keeper, route: Route, signal: AbortSignal | undefined, handler: (group: TaskGroup) => T | PromiseLike<T>, resolve: (value: T) => void, reject: (error: unknown) => void) {
    super(keeper, route);
    this.#signal = signal;
    this.#handler = handler;
    this.resolve = resolve;
    this.reject = reject;
  }

  protected override handle(group: TaskGroup): T | PromiseLike<T> {
    return this.#handler(group);
  }

  protected override watch(gone: () => void): void {
    if (this.#signal === undefined) return;
    if (this.#signal.aborted) return gone();
    this.#gone = gone;
    this.#signal.addEventListener("abort", gone);
  }

  protected override unwatch(): void {
    if (this.#gone !== undefined) this.#signal?.removeEventListener("abort", this.#gone);
  }
}
