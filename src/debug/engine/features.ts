/** Follows what a function calls and awaits. */
export interface ContextStorage<T> {
  run(value: T, fn: () => void): void;
  getStore(): T | undefined;
}

/** Told of every promise of the program. */
export interface PromiseHooks {
  /** One is made; `parent` is the one that it follows: which is awaited, or whose `then` was called. */
  readonly init: (promise: Promise<unknown>, parent: Promise<unknown> | undefined) => void;
  readonly settled: (promise: Promise<unknown>) => void;
}
