/**
 * The worker's side: takes calls, runs them each in a scope of its own, sends what came of them.
 *
 * Invariants
 *   1. Only works run: the export of that name, of that module, declared there under that very name.
 *   2. A call is begun once: with claims, by whoever takes its word first.
 *   3. At most `perWorker` calls that wait for something are under way; a synchronous one is over before the next.
 *   4. A result is sent a millisecond after it was there at the latest, however long the worker goes on.
 *   5. A call whose module is still being loaded holds up no other one: it steps aside until that is there.
 *   6. It sleeps only while nothing but a message can happen here, and never longer than a slice at a time.
 */
import "#diagnostics";
import { arrive } from "../../context/travelling.ts";
import { CancelledError, type CancelSource } from "../../errors/cancelled.ts";
import type { Ending } from "../../ports/probe.ts";
import { recognise } from "../../scope/recognise.ts";
import { calling } from "../../scope/watch.ts";
import { enclose, isBusy } from "../../task/enclose.ts";
import { realClock } from "../../task/clock.ts";
import { workScopeOf } from "../in-place.ts";
import { knownBy } from "../work.ts";
import { CALL_LENGTH, CALLS, CANCEL, type Cancelling, CLOSE, DEADLINE, type Extra, HEAP, type Message, READY, REPLY, WORK } from "../wire/messages.ts";
import { CallRoot, type Hear, workerRoot } from "./call-root.ts";
import { beWorker } from "./here.ts";
import type { Link } from "./link.ts";
import { LONGEST_MS, Outbox } from "./outbox.ts";
import { holdResources } from "./per-worker.ts";
import { RemoteCaller, Requests } from "./remote-caller.ts";
import { type Loaded, Works } from "./works.ts";

interface Pending {
  readonly slot: number;
  readonly generation: number;
  readonly work: number;
  readonly input: unknown;
  readonly extra: Extra | undefined;
}

const SLICE_MS = 50;
/** Timers and I/O of the worker get their turn at least this often, and what it finished is sent. */
const TURN_MS = 8;
const HEAP_EVERY_MS = 200;
/** So many calls that have begun are kept, with what they were given, at the front of the queue: to take them out costs the length of it. */
const MOST_DONE = 64;

export class Server {
  readonly #link: Link;
  readonly #perWorker: number;
  readonly #works: Works;
  readonly #requests: Requests;
  readonly #outbox: Outbox;
  readonly #root;
  readonly #hear: Hear | undefined;
  readonly #disposeResources = holdResources();
  readonly #running = new Map<number, CallRoot>();
  #queue: Pending[] = [];
  #next = 0;
  /** Those whose modules are being loaded. */
  #aside: Pending[] = [];
  #isPumping = false;
  #isClosing = false;
  #isEnding = false;
  #toldHeapAt = 0;

  constructor(link: Link, perWorker: number) {
    const listen = (): void => this.#listen();
    this.#link = link;
    this.#perWorker = perWorker;
    this.#outbox = new Outbox(link);
    this.#requests = new Requests(link, listen, () => this.#outbox.flush());
    this.#works = new Works(() => this.#goOn());
    this.#root = workerRoot(link.label);
    const signals = link.signals ?? link.claims;
    this.#hear = signals === undefined ? undefined : { signals, listen };
    beWorker(() => this.#running.size > 0);
    link.post([READY]);
  }

  /** Takes a message from the platform, and goes on. */
  received(message: Message): void {
    this.#take(message);
    this.#pump();
  }

  /** Sends what is there: this worker is about to end. */
  flush(): void {
    this.#outbox.flush();
  }

  #take(message: Message): void {
    switch (message[0]) {
      case WORK:
        this.#works.announce(message[1] as number, message[2] as string, message[3] as string);
        break;
      case CALLS:
        for (let at = 1; at + CALL_LENGTH <= message.length; at += CALL_LENGTH) {
          const [slot, generation, work, input, extra] = message.slice(at, at + CALL_LENGTH) as [number, number, number, unknown, Extra | undefined];
          this.#queue.push({ slot, generation, work, input, extra });
        }
        break;
      case CANCEL:
        this.#cancel(message[1] as number, message[2] as number, [message[3] as CancelSource, message[4] as string, message[5]]);
        break;
      case DEADLINE:
        this.#limit(message[1] as number, message[2] as number, message[3] as number | undefined);
        break;
      case REPLY:
        this.#requests.answered(message[1] as number, message[2] === true, message[3]);
        break;
      case CLOSE:
        this.#isClosing = true;
    }
  }

  #cancel(slot: number, generation: number, cancelling: Cancelling): void {
    const call = this.#running.get(slot);
    if (call?.generation === generation) return call.cancelAs(cancelling);
    // With claims the pool has taken it back, if it has not begun.
    if (this.#link.claims !== undefined) return;
    this.#comeBack();
    const at = this.#queue.findIndex((pending, place) => place >= this.#next && pending.slot === slot && pending.generation === generation);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    this.#outbox.cancelled(slot, new CancelledError(...cancelling), realClock.now());
  }

  /** Another time limit, for one that runs or is to. */
  #limit(slot: number, generation: number, deadline: number | undefined): void {
    const call = this.#running.get(slot);
    if (call?.generation === generation) return call.limitTo(deadline);
    this.#comeBack();
    const at = this.#queue.findIndex((pending) => pending.slot === slot && pending.generation === generation);
    if (at >= 0) this.#queue[at] = { ...this.#queue[at]!, extra: { ...this.#queue[at]!.extra, deadline } };
  }

  /** Takes in all messages that are there. */
  #listen(): void {
    for (let message = this.#link.receive(); message !== undefined; message = this.#link.receive()) this.#take(message);
  }

  /** A module is there. */
  #goOn(): void {
    this.#comeBack();
    this.#pump();
  }

  #comeBack(): void {
    this.#queue.splice(this.#next, 0, ...this.#aside);
    this.#aside = [];
  }

  /** Runs what can be run, then rests. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    const until = realClock.now() + TURN_MS;
    try {
      while (this.#runQueue(until)) {
        this.#listen();
        if (this.#next < this.#queue.length) continue;
        this.#outbox.flush();
        if (!this.#sleep()) break;
      }
      this.#outbox.flush();
    } finally {
      this.#isPumping = false;
    }
    this.#tellHeap();
    if (this.#isClosing && this.#running.size === 0 && this.#next === this.#queue.length) void this.#end();
  }

  /** False if it has to stop before the queue is empty. */
  #runQueue(until: number): boolean {
    while (this.#next < this.#queue.length) {
      if (this.#running.size >= this.#perWorker) {
        if (this.#next > MOST_DONE) this.#compact();
        return false;
      }
      const pending = this.#queue[this.#next]!;
      const work = this.#works.get(pending.work);
      this.#next++;
      if (work === undefined) {
        this.#aside.push(pending);
        continue;
      }
      this.#run(pending, work);
      if (realClock.now() < until) continue;
      this.#compact();
      this.#outbox.flush();
      this.#link.nextTurn(() => this.#pump());
      return false;
    }
    this.#compact();
    return true;
  }

  #compact(): void {
    if (this.#next === this.#queue.length) this.#queue = [];
    else if (this.#next > 0) this.#queue.splice(0, this.#next);
    this.#next = 0;
  }

  /** Until a message comes; false if it must not, or none came. */
  #sleep(): boolean {
    const { claims } = this.#link;
    if (claims === undefined || this.#isClosing || this.#running.size > 0 || this.#aside.length > 0 || !this.#link.isQuiet()) return false;
    const seen = claims.wakeUps;
    this.#listen();
    if (this.#next < this.#queue.length) return true;
    if (!claims.sleep(seen, SLICE_MS)) return false;
    this.#listen();
    return true;
  }

  #run({ slot, generation, input, extra }: Pending, work: Loaded): void {
    const { claims } = this.#link;
    if (claims !== undefined && !claims.take(slot, generation)) return;
    const began = realClock.now();
    if (work.declaration === undefined) return this.#outbox.failed(slot, work.failure, began);
    const { fn } = work.declaration;
    const root = new CallRoot(this.#root, knownBy(work.declaration, input), slot, generation, this.#hear, (node) => new RemoteCaller(node, this.#requests, "the caller", extra?.key));
    const { deadline, context } = extra ?? {};
    if (context !== undefined) arrive(root, context);
    if (deadline !== undefined) root.limitTo(deadline);
    this.#running.set(slot, root);
    // What is there must not lie for as long as this one may take, nor be lost where the worker is ended with it.
    if (extra?.isTerminable === true || !(work.took! < LONGEST_MS)) this.#outbox.flush();
    let value: unknown;
    let isLater: boolean;
    try {
      value = calling(root, (scope) => fn(input as never, scope), workScopeOf(root));
      isLater = isThenable(value);
    } catch (error) {
      if (!isBusy(root)) return this.#threw(root, error, began);
      return this.#await(root, () => Promise.reject(error), began);
    }
    if (isLater || isBusy(root)) return this.#await(root, () => value, began);
    this.#leave(root, "succeeded");
    work.took = this.#outbox.succeeded(slot, value, transfersOf(root), root.name, began);
  }

  #threw(root: CallRoot, error: unknown, began: number): void {
    const { cancellation, failures } = recognise(error, root);
    if (failures.length > 0 || cancellation === undefined) {
      const failure = failures.length > 0 ? failures[0] : error;
      this.#leave(root, "failed", failure);
      this.#outbox.failed(root.slot, failure, began);
    } else {
      this.#leave(root, "cancelled");
      this.#outbox.cancelled(root.slot, cancellation, began);
    }
  }

  /** A work that waits for something, or that left something running. */
  #await(root: CallRoot, body: () => unknown, began: number): void {
    let interruption: unknown;
    const own = (cause: unknown): never => {
      interruption = cause;
      throw cause;
    };
    const over = (send: () => void): void => {
      this.#running.delete(root.slot);
      send();
      if (this.#isPumping) return;
      if (this.#next < this.#queue.length || this.#isClosing) this.#pump();
      else this.#outbox.flush();
    };
    enclose(root, body, own).then(
      (value) => over(() => this.#outbox.succeeded(root.slot, value, transfersOf(root), root.name, began)),
      (error: unknown) => over(() => (error === interruption && error === root.cause ? this.#outbox.cancelled(root.slot, error, began) : this.#outbox.failed(root.slot, error, began))),
    );
  }

  #leave(root: CallRoot, how: Ending, error?: unknown): void {
    root.finish();
    root.leave(how, error);
    this.#running.delete(root.slot);
  }

  #tellHeap(): void {
    const now = realClock.now();
    if (this.#link.heap === undefined || now - this.#toldHeapAt < HEAP_EVERY_MS) return;
    this.#toldHeapAt = now;
    this.#link.post([HEAP, this.#link.heap()]);
  }

  async #end(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await this.#disposeResources();
    this.#root.finish();
    this.#root.leave();
    this.#link.end();
  }
}

function transfersOf(root: CallRoot): RemoteCaller["transfers"] | undefined {
  return root.hasCaller ? (root.caller as RemoteCaller).transfers : undefined;
}

function isThenable(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | undefined | null)?.then === "function";
}
