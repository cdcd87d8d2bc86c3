import { MisuseError } from "../errors/misuse.ts";
import { claim, type Claim, NOTHING } from "../lowlevel.ts";
import { show } from "../scope/visible.ts";
import { Queue } from "../sync/queue.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { requireCapacity } from "./capacity.ts";
import { Exchange } from "./exchange.ts";
import { OutletEnd, Reception } from "./reception.ts";
import { openSender, type Sender } from "./sender.ts";
import { Steps } from "./steps.ts";

/** An item that was taken from a work queue, and is being worked on until it is done. */
export interface Job<out T> extends Disposable {
  readonly value: T;
  /** Tells the queue. A second time is a MisuseError `"ALREADY_DONE"`; `using` and `done()` together are not. */
  done(): void;
}

export interface WorkQueueStatistics {
  readonly capacity: number;
  readonly buffered: number;
  readonly peak: number;
  /** How many items were taken and are not done. */
  readonly working: number;
  readonly waitingToPut: number;
  readonly waitingToTake: number;
  readonly waitingToJoin: number;
}

/**
 * A queue of work that knows when all of it is done: `put`, `take`, and `join`, which waits until every item that was put in
 * was taken and told to be done.
 *
 * First in, first out; waiters in the order of coming. `using job = await queue.take(scope)` tells it however the work
 * ends; where the syntax does not exist, call `job.done()` in a `finally`. A worker may put further items before it is
 * done, so a crawler's `join` waits for all that was found.
 *
 * A cancelled `put` has put nothing in, a cancelled `take` has taken nothing; a cancelled `join` just goes. The capacity is
 * 1 or more, Infinity if left out. Cost of an item: two promises and one object.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { WorkQueue } from "espalier/channel";
 *
 * const queue = new WorkQueue<number>();
 * await taskGroup(async (group) => {
 *   for (let worker = 1; worker <= 2; worker++) {
 *     group.spawn(async (scope) => {
 *       for await (const job of queue.jobs(scope)) {
 *         console.log(job.value); // 3, 2, 1, 0
 *         if (job.value > 0) await queue.put(job.value - 1, scope);
 *         job.done();
 *       }
 *     });
 *   }
 *   await queue.put(3, group);
 *   await queue.join(group);
 *   queue.shutdown();
 * });
 * ```
 */
export class WorkQueue<T> {
  readonly #exchange: Exchange<T>;
  readonly #sender: Sender<T>;
  readonly #taking: Taking<T>;
  readonly #joining = new Queue<void>();
  readonly #joined: Claim<void>;
  readonly #joinLabel: string;

  constructor(capacity: number = Infinity, options?: { readonly name?: string | undefined }) {
    requireCapacity(capacity, "new WorkQueue()", 1);
    const name = options?.name ?? "queue";
    this.#exchange = new Exchange(name, capacity);
    this.#sender = openSender(this.#exchange);
    this.#taking = new Taking(new OutletEnd(this.#exchange), () => this.#onDone());
    this.#joinLabel = `join(${name})`;
    if (options?.name !== undefined) show("work queue", name, this);
    this.#joined = { attempt: () => (this.#isIdle ? undefined : NOTHING), register: this.#joining.register };
  }

  /** Resolves when the item is in the queue. Rejects with ClosedError `"CLOSED"`, which carries it, once the queue is shut down. */
  put(item: T, scope: Cancellable): Promise<void> {
    return this.#sender.send(item, scope);
  }

  /** Puts the item in if there is room. Throws as `put` rejects. */
  tryPut(item: T): boolean {
    return this.#sender.trySend(item);
  }

  /** The next item. Rejects with ClosedError `"ENDED"` when the queue is shut down and nothing is left. */
  take(scope: Cancellable): Promise<Job<T>> {
    return claim(scope, this.#exchange.receiveLabel, this.#taking);
  }

  /** The next item, if there is one. Throws as `take` rejects. */
  tryTake(): Job<T> | undefined {
    const job = this.#taking.attempt();
    return job === NOTHING ? undefined : job;
  }

  /** All jobs, until the queue is shut down and empty. Each is to be done by itself: the next step does not tell it. */
  jobs(scope: Cancellable): AsyncIterableIterator<Job<T>> {
    return new Steps(this.#taking, scope);
  }

  /** Waits until nothing is in the queue and no job is being worked on; at once if that is so. */
  join(scope: Cancellable): Promise<void> {
    return claim(scope, this.#joinLabel, this.#joined);
  }

  /** Takes nothing in any more: who waits to put fails, who takes gets what is left and then the end. Again does nothing. */
  shutdown(): void {
    this.#sender.close();
  }

  /** As `shutdown`, and gives what was left: nobody else will. `join` then waits only for the jobs that were taken. */
  shutdownNow(): T[] {
    this.#sender.close();
    const left = this.#exchange.drain();
    this.#onDone();
    return left;
  }

  statistics(): WorkQueueStatistics {
    const { capacity, buffered, peak, waitingSenders, waitingReceivers } = this.#exchange.statistics();
    const working = this.#taking.working;
    return { capacity, buffered, peak, working, waitingToPut: waitingSenders, waitingToTake: waitingReceivers, waitingToJoin: this.#joining.size };
  }

  get #isIdle(): boolean {
    return this.#exchange.buffered === 0 && this.#taking.working === 0;
  }

  #onDone(): void {
    if (this.#isIdle) this.#joining.wakeAll();
  }
}

/** Invariant: `working` counts the jobs that somebody got and that are not done. */
class Taking<T> extends Reception<T, Job<T>> {
  working = 0;
  readonly #onDone: () => void;
  readonly finish = (): void => {
    this.working--;
    this.#onDone();
  };

  constructor(end: OutletEnd<T>, onDone: () => void) {
    super(end);
    this.#onDone = onDone;
  }

  wrap(value: T): Job<T> {
    return new TakenJob(value, this.finish);
  }

  override received(): void {
    this.working++;
  }
}

class TakenJob<T> implements Job<T> {
  readonly value: T;
  #finish: (() => void) | undefined;

  constructor(value: T, finish: () => void) {
    this.value = value;
    this.#finish = finish;
  }

  done(): void {
    if (this.#finish === undefined) {
      throw new MisuseError("ALREADY_DONE", "done() on a job that is done already: the queue would count another one as finished. Call it once for each job, in the task that took it.");
    }
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    const finish = this.#finish;
    this.#finish = undefined;
    finish?.();
  }
}
