import type { TaskGroup } from "../../index.ts";
import { RequestError } from "./request-error.ts";
import { Visit } from "./visit.ts";

/** A request whose client is watched by a signal: that of a web Request. */
export class SignalVisit<T> extends Visit<T> {
  readonly #signal: AbortSignal;
  readonly #handler: (group: TaskGroup) => T | PromiseLike<T>;

  constructor(signal: AbortSignal, handler: (group: TaskGroup) => T | PromiseLike<T>) {
    super();
    this.#signal = signal;
    this.#handler = handler;
  }

  async start(group: TaskGroup): Promise<T> {
    const signal = this.#signal;
    const gone = (): void => group.cancel(new RequestError("CLIENT_GONE"));
    if (signal.aborted) gone();
    else signal.addEventListener("abort", gone);
    try {
      return await this.#handler(group);
    } finally {
      signal.removeEventListener("abort", gone);
    }
  }
}

/** A request of which nothing is known. */
export class PlainVisit<T> extends Visit<T> {
  readonly start: (group: TaskGroup) => T | PromiseLike<T>;

  constructor(handler: (group: TaskGroup) => T | PromiseLike<T>) {
    super();
    this.start = handler;
  }
}
