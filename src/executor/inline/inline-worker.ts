/**
 * A worker that is this thread: it runs calls in scopes below those of their callers, on their clocks.
 *
 * Invariants
 *   1. A call begins in a later microtask than it was sent in; one that was cancelled before never runs.
 *   2. Input, result and failure are the very values, unless `clones` is set; then all is done to them that is done on the way to a thread.
 *   3. A call is below its caller's until it is abandoned; from then on it is a root.
 */
import { arrive } from "../../context/travelling.ts";
import { recognise } from "../../scope/recognise.ts";
import { calling } from "../../scope/watch.ts";
import { enclose } from "../../task/enclose.ts";
import { realClock } from "../../task/clock.ts";
import type { Transferable } from "../contract.ts";
import { workScopeOf } from "../in-place.ts";
import { classOf, exportOf } from "../modules.ts";
import type { Call } from "../pool/call.ts";
import type { Carrier, CarrierEvents } from "../pool/carrier.ts";
import { decodeFailure, encodeFailure } from "../wire/failure.ts";
import { CALL_LENGTH, CALLS, CANCEL, CANCELLED, CLOSE, type Extra, FAILED, type Message, READY, RESULTS, type Status, SUCCEEDED, WORK } from "../wire/messages.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import { holdResources } from "../worker/per-worker.ts";
import { type Loaded, loadHere, Works } from "../worker/works.ts";
import { InlineRoot } from "./inline-root.ts";

interface Pending {
  readonly slot: number;
  readonly call: Call;
  readonly work: number;
  readonly input: unknown;
  readonly extra: Extra | undefined;
}

export class InlineWorker implements Carrier {
  readonly claims = undefined;
  readonly label = "this thread";
  readonly #events: CarrierEvents;
  readonly #pool: string;
  readonly #clones: boolean;
  /** As in any other worker, the module of a work is imported and asked for it, where all is to be as there. */
  readonly #works = new Works(() => this.#pump(), loadHere);
  readonly #running = new Map<number, InlineRoot>();
  readonly #disposeResources = holdResources();
  #queue: Pending[] = [];
  #isPumping = false;

  constructor(events: CarrierEvents, pool: string, clones: boolean) {
    this.#events = events;
    this.#pool = pool;
    this.#clones = clones;
    queueMicrotask(() => events.received([READY]));
  }

  post(message: Message, transfer?: readonly Transferable[]): void {
    switch (message[0]) {
      case WORK:
        if (this.#clones) this.#works.announce(message[1] as number, message[2] as string, message[3] as string);
        break;
      case CALLS:
        this.#take(this.#clones ? structuredClone(message, { transfer: [...(transfer ?? [])] as never }) : message);
        break;
      case CANCEL: {
        // It has heard of it from its caller's scope.
        const root = this.#running.get(message[1] as number);
        if (root?.of.options.whenCancelled === "abandon") root.moveOut();
        break;
      }
      case CLOSE:
        void this.#end();
    }
  }

  /** What runs in this thread cannot be ended from here: it is waited for. */
  kill(): void {}

  hold(): void {}

  #take(message: Message): void {
    for (let at = 1; at + CALL_LENGTH <= message.length; at += CALL_LENGTH) {
      const [slot, , work, input, extra] = message.slice(at, at + CALL_LENGTH) as [number, number, number, unknown, Extra | undefined];
      this.#queue.push({ slot, call: this.#events.callAt(slot)!, work, input, extra });
    }
    queueMicrotask(() => this.#pump());
  }

  /** Begins what was sent, and lets timers and I/O have their turn after a long one (G22). */
  #pump(): void {
    if (this.#isPumping) return;
    const queue = this.#queue;
    // It grows while this goes on: what ends makes room for the next.
    for (let at = 0; at < queue.length; at++) {
      const pending = queue[at]!;
      const loaded = this.#clones ? this.#works.get(pending.work) : { declaration: pending.call.declaration };
      const pause = loaded === undefined ? undefined : pending.call.scope.clock.pause();
      if (loaded === undefined || pause !== undefined) {
        queue.splice(0, at);
        if (pause !== undefined) this.#goOnAfter(pause);
        return;
      }
      this.#begin(pending, loaded);
    }
    this.#queue = [];
  }

  #goOnAfter(pause: Promise<void>): void {
    this.#isPumping = true;
    void pause.then(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  #begin({ slot, call, input, extra }: Pending, { declaration = call.declaration, failure }: Loaded): void {
    const began = realClock.now();
    const tell = (status: Status, value: unknown): void => {
      this.#running.delete(slot);
      this.#events.received([RESULTS, slot, status, value, realClock.now() - began]);
    };
    const cause = call.scope.interruption;
    if (cause !== undefined || call.isAbandoned) return tell(CANCELLED, cause);
    if (failure !== undefined) return tell(FAILED, failure);
    const root = new InlineRoot(call, this.#pool, this.#clones);
    this.#running.set(slot, root);
    if (extra?.context !== undefined) arrive(root, extra.context);
    const own = (interruption: unknown): never => {
      throw interruption;
    };
    enclose(root, () => calling(root, (scope) => declaration.fn(input as never, scope), workScopeOf(root)), own).then(
      (value) => this.#succeeded(root, value, tell),
      (error: unknown) => {
        const { cancellation, failures } = recognise(error, root);
        if (cancellation !== undefined && failures.length === 0) tell(CANCELLED, cancellation);
        else this.#failed(error, tell);
      },
    );
  }

  #succeeded(root: InlineRoot, value: unknown, tell: (status: Status, value: unknown) => void): void {
    if (!this.#clones) return tell(SUCCEEDED, value);
    let copy: unknown;
    try {
      copy = structuredClone(value, { transfer: root.caller.transfers as never });
    } catch (error) {
      return this.#failed(notCloneable(value, "result", root.name, error), tell);
    }
    tell(SUCCEEDED, copy);
  }

  #failed(error: unknown, tell: (status: Status, value: unknown) => void): void {
    const sent = this.#clones ? decodeFailure(encodeFailure(error, classOf), this.label, exportOf) : error;
    if (this.#clones && sent instanceof Promise) void sent.then((restored: unknown) => tell(FAILED, restored));
    else tell(FAILED, sent);
  }

  async #end(): Promise<void> {
    try {
      await this.#disposeResources();
      this.#events.died({ exit: 0 });
    } catch (error) {
      this.#events.died({ exit: 1, error });
    }
  }
}
