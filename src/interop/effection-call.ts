/**
 * One evaluation of `asOperation`, between Effection's machine and a scope.
 *
 *   entered ── the scope ended ──▶ settled: the operation goes on with its result
 *      └── asked to exit (halted) ──▶ exiting: the scope is cancelled ── it ended ──▶ exited: the halt goes on
 */
import { Err, Ok, type Operation, type Result } from "effection";
import type { CancelScope } from "../index.ts";
import { isOwnCancellation } from "./own-cancellation.ts";

/** What an operation yields to Effection's machine. */
type Instruction<T> = Operation<T> extends { [Symbol.iterator](): Iterator<infer I, T, unknown> } ? I : never;

type Exited = (result: Result<void>) => void;

export class Call<T> implements Operation<T> {
  readonly description: string;
  readonly #start: (opened: (scope: CancelScope) => void) => Promise<T>;
  #scope: CancelScope | undefined;
  #hasEnded = false;
  #exited: Exited | undefined;

  constructor(description: string, start: (opened: (scope: CancelScope) => void) => Promise<T>) {
    this.description = description;
    this.#start = start;
  }

  *[Symbol.iterator](): Generator<Instruction<T>, T, unknown> {
    return (yield this) as T;
  }

  enter(resolve: (result: Result<T>) => void): (exited: Exited) => void {
    const end = (result: Result<T>): void => {
      this.#hasEnded = true;
      if (this.#exited === undefined) resolve(result);
      else this.#exited(leftOver(result, this.#scope));
    };
    this.#start((scope) => (this.#scope = scope)).then((value) => end(Ok(value)), (error: unknown) => end(Err(error)));
    return (exited) => this.#exit(exited);
  }

  /** Asked at the end, and before it for a halt; then a second time if something fails meanwhile: the last who asks is told. */
  #exit(exited: Exited): void {
    if (this.#hasEnded) return exited(Ok());
    this.#exited = exited;
    this.#scope?.cancel("its operation was halted");
  }
}

/** What a halted evaluation still has to tell: the failure of its cleanup. */
function leftOver(result: Result<unknown>, scope: CancelScope | undefined): Result<void> {
  return result.ok || isOwnCancellation(result.error, scope) ? Ok() : result;
}
