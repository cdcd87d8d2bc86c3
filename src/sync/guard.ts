/**
 * What is held, to be given back once: by `using`, by `release()`, or at the end of a callback. To give it back again does
 * nothing. It belongs to whoever has it, and to no scope.
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
