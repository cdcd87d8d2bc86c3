/**
 * A flow whose values are made by the tasks of a group, which it owns.
 *
 *   idle ── first next() ──▶ running ── body and tasks ended ──▶ ended
 *     └────── return() ────────┴── cancelled, waited for ──────────▲
 *
 * Invariants
 *   1. The group is opened by the first `next()`, as a child of the flow's scope, and has ended before anybody is told of
 *      the end: by `done`, by a failure, by a cancellation of that scope, by `return()`.
 *   2. What was ready before a failure is given first.
 *   3. A failure is told once. One that nobody asks for is a failure of the scope (G3).
 */
import { CancelledError } from "../errors/cancelled.ts";
import { claim, type Claim, NOTHING, type Waiter } from "../lowlevel.ts";
import type { Scope, TaskGroup } from "../task/capabilities.ts";
import { quiet } from "../task/park.ts";
import { DONE, type Flow, type FlowStatistics } from "./flow.ts";
import { HandOver } from "./hand-over.ts";

type Step<T> = IteratorResult<T, undefined>;

export abstract class GroupFlow<T> implements Flow<T>, Claim<Step<T>> {
  protected readonly results: HandOver<T> = new HandOver();
  readonly #scope: Scope;
  readonly #label: string;
  #group: TaskGroup | undefined;
  /** Settles, and always well, when the group has ended. */
  #ending: Promise<void> | undefined;
  #isLeft = false;

  constructor(scope: Scope, label: string) {
    this.#scope = scope;
    this.#label = label;
  }

  /** The body of the group. */
  protected abstract produce(group: TaskGroup): Promise<void>;

  /** How many tasks make a value. */
  protected abstract readonly running: number;

  /** How many values were made before their turn. */
  protected get early(): number {
    return 0;
  }

  /** Somebody took a value that was kept. */
  protected taken(): void {}

  next(scope: Scope = this.#scope): Promise<Step<T>> {
    const step: Promise<Step<T>> = claim(scope, this.#label, this).catch((error: unknown) => this.#refused(error, step));
    return step;
  }

  async return(): Promise<Step<T>> {
    this.#isLeft = true;
    this.results.drop();
    this.#group?.cancel();
    await this.#ending;
    this.results.end();
    const failure = this.results.takeFailure();
    if (failure !== undefined && !this.#isCancellation(failure.error)) throw failure.error;
    return DONE;
  }

  statistics(): FlowStatistics {
    return { running: this.running, ready: this.results.kept + this.early, waiting: this.results.asking };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  attempt(): Step<T> | typeof NOTHING {
    if (this.#ending === undefined && !this.#isLeft) this.#open();
    const step = this.results.attempt();
    if (step !== NOTHING && step.done !== true) this.taken();
    return step;
  }

  register(waiter: Waiter<Step<T>>): () => void {
    return this.results.register(waiter);
  }

  #open(): void {
    const body = (group: TaskGroup): Promise<void> => {
      this.#group = group;
      if (this.#isLeft) group.cancel();
      return this.produce(group);
    };
    let ended!: () => void;
    // There before the body begins: the flow may be asked, and left, from within the first task.
    this.#ending = new Promise<void>((resolve) => (ended = resolve));
    void this.#scope
      .group(body, { name: this.#label, errors: "first" })
      .then(() => void this.results.end(), (error: unknown) => this.#failed(error))
      .then(ended);
  }

  #failed(error: unknown): void {
    const isCancellation = this.#isCancellation(error);
    if (this.#isLeft && isCancellation) return void this.results.end();
    const { results } = this;
    const isTold = results.end({ error });
    if (isCancellation || isTold) return;
    const report = (): void => {
      const untold = results.takeFailure();
      if (untold !== undefined) throw untold.error;
    };
    try {
      this.#scope.defer(report);
    } catch {
      // The scope has ended: it waited for the group, and was told by it.
    }
  }

  /** Whether that is what the group rejects with when it, or a scope around, was cancelled. */
  #isCancellation(error: unknown): boolean {
    return error !== undefined && (error === this.#group?.reason || error === this.#scope.reason);
  }

  /** Gives no failure before the group has ended. `step` is what rejects with it. */
  async #refused(error: unknown, step: Promise<unknown>): Promise<never> {
    let told = error;
    if (this.#ending !== undefined && this.#scope.cancelled) {
      await this.#ending;
      told = (this.results.takeFailure() ?? { error }).error;
    }
    // Before it is rejected: a cancellation that nobody awaits is no unhandled rejection (decision 0011).
    if (told instanceof CancelledError) quiet(step);
    throw told;
  }
}
