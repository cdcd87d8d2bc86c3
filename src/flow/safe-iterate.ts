/**
 * A generator in a task of its own, behind a hand-over that holds one item.
 *
 *   consumer ── asks ──▶ generator goes on to its next yield ── one item ──▶ consumer
 *
 * Invariants
 *   1. The generator goes on only while somebody asks: the code after a `yield` runs when the next item is wanted (case G02).
 *   2. It has a scope of its own, which is cancelled before the generator is closed, and it is closed before the call settles.
 *   3. What it throws is told once: to who asks, else at the end of the call.
 */
import { isCancelled } from "../errors/cancelled.ts";
import { ClosedError } from "../errors/closed.ts";
import { TaskGroupError } from "../errors/group.ts";
import { claim, type Claim, NOTHING, type Waiter } from "../lowlevel.ts";
import type { Scope, Task, TaskGroup } from "../task/capabilities.ts";
import { needFunction, needScope } from "./arguments.ts";
import type { FlowStatistics } from "./flow.ts";
import { HandOver } from "./hand-over.ts";

/** The items of a generator that runs in a task of its own. Several loops may share them: each item is given once. */
export interface SafeItems<T> extends AsyncIterable<T> {
  /** The next item. Waits in `scope`, by default in that of the call; rejects with ClosedError `"CLOSED"` after `close()`. */
  next(scope?: Scope | undefined): Promise<IteratorResult<T, undefined>>;
  /** Nothing more is wanted: whoever waits or asks gets a ClosedError, and the generator is cancelled. */
  close(): void;
  /** What is under way: `running` is 1 while the generator works on the next item, and `ready` counts what it yielded and nobody took. */
  statistics(): FlowStatistics;
  /** For loops. Leaving a loop leaves the generator as it is, for the next one. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined, undefined>;
}

/**
 * Runs an async generator in a task of its own, hands its items to `body`, and gives what that returns: a generator that opens scopes or
 * holds things, without the traps of a bare `for await`.
 *
 * The generator is never ahead of who asks. Its scope is its own: what is cancelled in it never cancels `body`. When `body` has
 * ended, however, that scope is cancelled, the generator is closed, and its `finally` has run before the call settles. What it
 * throws comes out of `next()` as it is, after the items before it; in its cleanup, out of the call. Where `body` failed too, both are in one
 * TaskGroupError, the body's first.
 *
 * Cancelled, `body` and generator are interrupted, and waited for; in a cancelled scope the generator's body never starts. Cost: a
 * group, a task, two promises for each item.
 *
 * @example
 * ```ts
 * import { type Scope, sleep, taskGroup } from "espalier";
 * import { safeIterate } from "espalier/flow";
 *
 * async function* ticks(scope: Scope) {
 *   try {
 *     for (let n = 1; ; n++) {
 *       await sleep(1, scope);
 *       yield n;
 *     }
 *   } finally {
 *     console.log("closed");
 *   }
 * }
 * await taskGroup(async (group) => {
 *   const third = await safeIterate(ticks, async (items) => {
 *     for await (const n of items) if (n === 3) return n; // "closed"
 *     return 0;
 *   }, group);
 *   console.log(third); // 3
 * });
 * ```
 */
export async function safeIterate<T, R>(
  generator: (scope: Scope) => AsyncIterable<T>,
  body: (items: SafeItems<T>, scope: Scope) => R | PromiseLike<R>,
  scope: Scope,
): Promise<R> {
  needFunction(generator, "safeIterate()", "the generator");
  needFunction(body, "safeIterate()", "what is done with the items");
  needScope(scope, "safeIterate()");
  scope.throwIfCancelled();
  const name = generator.name || "safeIterate";
  let items!: Items<T>;
  const run = (group: TaskGroup): Promise<R> => {
    items = new Items(generator, group, name);
    return consume(group, items, body);
  };
  return scope.group(run, { name, errors: "first", onError: (error) => items.failed(error) });
}

async function consume<T, R>(group: TaskGroup, items: Items<T>, body: (items: SafeItems<T>, scope: Scope) => R | PromiseLike<R>): Promise<R> {
  let value: R;
  try {
    value = await body(items, group);
  } catch (error) {
    const failure = await items.end();
    // What an interrupted body leaves behind is its cancellation, which the group knows; a failure of the generator beats it (G7).
    if (failure === undefined || failure.error === error) throw error;
    throw group.cancelled && isCancelled(error) ? failure.error : new TaskGroupError([error, failure.error]);
  }
  const failure = await items.end();
  if (failure !== undefined) throw failure.error;
  return value;
}

/** How many items are handed over between two looks at timers and I/O. */
const STRIDE = 64;

type Step<T> = IteratorResult<T, undefined>;

class Items<T> implements SafeItems<T>, Claim<Step<T>> {
  readonly #generator: (scope: Scope) => AsyncIterable<T>;
  readonly #group: TaskGroup;
  readonly #out = new HandOver<T>();
  readonly #task: Task<void>;
  #isClosed = false;
  #isSuspended = true;
  /** The generator's task, while it waits for somebody to ask. */
  #idle: Waiter<void> | undefined;

  constructor(generator: (scope: Scope) => AsyncIterable<T>, group: TaskGroup, name: string) {
    this.#generator = generator;
    this.#group = group;
    this.#task = group.spawn((own) => this.#run(own), { name });
    // By its outcome: which errors are a cancellation is the task's to say (G6), and of a failure `failed` was told before.
    void this.#task.settled().then(() => this.#out.end());
  }

  next(scope: Scope = this.#group): Promise<Step<T>> {
    return claim(scope, "safeIterate", this);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#out.drop();
    this.#out.refuse(closed);
    this.#task.cancel("its items were closed");
  }

  statistics(): FlowStatistics {
    return { running: this.#isSuspended ? 0 : 1, ready: this.#out.kept, waiting: this.#out.asking };
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined, undefined> {
    return { next: () => this.next() };
  }

  /** Closes the generator; gives what it failed with, if nobody was told of it. */
  async end(): Promise<{ readonly error: unknown } | undefined> {
    this.#task.cancel("nobody asks for its items any more");
    await this.#task.settled();
    return this.#out.takeFailure();
  }

  attempt(): Step<T> | typeof NOTHING {
    if (this.#isClosed) throw closed();
    return this.#out.attempt();
  }

  register(waiter: Waiter<Step<T>>): () => void {
    const takeOut = this.#out.register(waiter);
    this.#idle?.resolve();
    return takeOut;
  }

  /** The generator's task failed: with what the generator threw, or its cleanup. */
  failed(error: unknown): void {
    this.#out.end({ error });
  }

  /** The task. How it ends says how the generator ended. */
  async #run(own: Scope): Promise<void> {
    let iterator: AsyncIterator<T> | undefined;
    try {
      for (let given = 1; ; given++) {
        await claim(own, "safeIterate", this.#demand);
        // Each side is woken by the other, and neither may ever look whether the turn has been long (G22).
        if (given % STRIDE === 0) await own.checkpoint();
        iterator ??= this.#generator(own)[Symbol.asyncIterator]();
        this.#isSuspended = false;
        const step = await iterator.next();
        this.#isSuspended = true;
        if (step.done === true) return void this.#out.end();
        this.#out.put(step.value);
      }
    } catch (error) {
      // Where it is suspended the cancellation has interrupted us, and not the generator.
      if (this.#isSuspended) await iterator?.return?.();
      this.#isSuspended = true;
      // Who waits in a scope that the cancellation does not reach; who asks after the task has ended finds the end.
      if (own.cancelled) this.#out.refuse(() => error);
      throw error;
    }
  }

  /** Somebody has asked. */
  readonly #demand: Claim<void> = {
    attempt: () => (this.#out.asking > 0 ? undefined : NOTHING),
    register: (waiter) => void (this.#idle = waiter),
    giveBack: () => {},
  };
}

function closed(): ClosedError {
  return new ClosedError("CLOSED", `The items of a generator were asked for after close() was called on them. Close them when nobody asks any more, or leave that to the end of safeIterate().`);
}
