import { CancelledError } from "../errors/cancelled.ts";
import { quiet } from "../task/park.ts";

/**
 * What is held, to be given back once: by `using`, by `release()`, or at the end of a callback. To give it back again does
 * nothing. It belongs to whoever has it, and to no scope.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { type Guard, Lock } from "espalier/sync";
 *
 * const lock = new Lock();
 * const settle = (guard: Guard) => guard.release();
 * await taskGroup(async (group) => settle(await lock.acquire(group)));
 * console.log(lock.locked); // false
 * ```
 */
export class Guard implements Disposable {
  #giveBack: (() => void) | undefined;

  constructor(giveBack: () => void) {
    this.#giveBack = giveBack;
  }

  /** Whether it is still held. */
  get held(): boolean {
    return this.#giveBack !== undefined;
  }

  release(): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** Runs `fn` while what `acquiring` gives is held, and gives what it returns. Released however it ends. */
export function holding<G extends Guard, T>(acquiring: Promise<G>, fn: (guard: G) => T | PromiseLike<T>): Promise<T> {
  // As operationOf(), for a promise less: it is what most do.
  const own: Promise<T> = hold(acquiring, fn, (error) => {
    if (error instanceof CancelledError) quiet(own);
  });
  return own;
}

async function hold<G extends Guard, T>(acquiring: Promise<G>, fn: (guard: G) => T | PromiseLike<T>, onFailure: (error: unknown) => void): Promise<T> {
  try {
    const guard = await acquiring;
    try {
      return await fn(guard);
    } finally {
      guard.release();
    }
  } catch (error) {
    onFailure(error);
    throw error;
  }
}
