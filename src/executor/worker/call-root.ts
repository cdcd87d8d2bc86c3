/** The scope of a call in its worker. */
import { CancelledError } from "../../errors/cancelled.ts";
import type { Clock, Timer } from "../../ports/clock.ts";
import { setDeadline } from "../../scope/deadline.ts";
import { forest } from "../../scope/node.ts";
import { realClock } from "../../task/clock.ts";
import { OpenedScope } from "../../task/opened-scope.ts";
import type { Caller } from "../contract.ts";
import { WorkNode } from "../in-place.ts";
import type { Cancelling } from "../wire/messages.ts";
import type { Signals } from "./link.ts";

/**
 * The root of a worker. Its time limit is never reached, and all below inherit it: where there is one, the clock is read at each look at the
 * cancellation, and the clock of a call is where it hears of it.
 */
export function workerRoot(name: string): OpenedScope {
  const root = new OpenedScope("worker", forest, name, realClock);
  setDeadline(root, Infinity, Infinity);
  return root;
}

export class CallRoot extends WorkNode {
  readonly slot: number;
  readonly generation: number;
  readonly #makeCaller: (node: CallRoot) => Caller;
  #caller: Caller | undefined;

  constructor(parent: OpenedScope, name: { readonly name: string }, slot: number, generation: number, hear: Hear | undefined, makeCaller: (node: CallRoot) => Caller) {
    const clock = hear === undefined ? realClock : new ListeningClock(hear);
    super("work", parent, name, clock);
    if (clock instanceof ListeningClock) clock.call = this;
    this.slot = slot;
    this.generation = generation;
    this.#makeCaller = makeCaller;
  }

  get caller(): Caller {
    return (this.#caller ??= this.#makeCaller(this));
  }

  /** Whether the work has asked for it. */
  get hasCaller(): boolean {
    return this.#caller !== undefined;
  }

  /** In ms since 1970; `undefined` for no limit. */
  limitTo(deadline: number = Infinity): void {
    const at = deadline - performance.timeOrigin;
    setDeadline(this, at, at - realClock.now());
  }

  /** Not `cancelWith`, which reads the clock: that is where this comes from. */
  cancelAs([source, by, reason]: Cancelling): void {
    this.expireWith(new CancelledError(source, by, reason));
  }
}

/** How a busy worker hears of a cancellation: `signals` tell that there is one, `listen` takes in the message that says why. */
export interface Hear {
  readonly signals: Signals;
  listen(): void;
}

/** Real time, which looks at shared memory whenever it is read. */
class ListeningClock implements Clock {
  call: CallRoot | undefined;
  readonly #hear: Hear;

  constructor(hear: Hear) {
    this.#hear = hear;
  }

  now(): number {
    const { call } = this;
    if (call !== undefined && call.cause === undefined && this.#hear.signals.isCancelled(call.slot, call.generation)) {
      this.#hear.listen();
      // Where messages cannot be looked for, the why comes too late.
      if (call.cause === undefined) call.cancelAs(["signal", "the caller", undefined]);
    }
    return realClock.now();
  }

  arm(timer: Timer): void {
    realClock.arm(timer);
  }

  disarm(timer: Timer): void {
    realClock.disarm(timer);
  }

  pause(): Promise<void> | undefined {
    return realClock.pause();
  }
}
