import { claim } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { Reception } from "./reception.ts";

/** An iteration: each step is a reception as `each` does it, and the end of the channel is its end. It holds nothing open. */
export class Steps<T, R> extends Reception<T, IteratorResult<R, undefined>> implements AsyncIterableIterator<R> {
  readonly #each: Reception<T, R>;
  readonly #scope: Cancellable;

  constructor(each: Reception<T, R>, scope: Cancellable) {
    super(each.end);
    this.#each = each;
    this.#scope = scope;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    return claim(this.#scope, this.end.outlet.receiveLabel, this);
  }

  return(): Promise<IteratorResult<R, undefined>> {
    return Promise.resolve(this.atEnd());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  wrap(item: T): IteratorResult<R, undefined> {
    return { done: false, value: this.#each.wrap(item) };
  }

  override received(): void {
    this.#each.received();
  }

  override atEnd(): IteratorResult<R, undefined> {
    return { done: true, value: undefined };
  }
}
