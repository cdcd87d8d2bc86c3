/**
 * One run for all who want the same thing at the same time.
 *
 *   idle ── somebody asks ──▶ running ── the last one lets go ──▶ abandoned
 *    ▲                          │                                    │
 *    └── ended, nobody waits ───┴──◀── ended, somebody waits again ──┘ (runs again)
 *
 * Invariants
 *   1. Of each key at most one run is under way, the cleanup of an abandoned one included.
 *   2. A run goes on as long as somebody waits for it, and ends before the last of those who waited goes on: nothing outlives
 *      all of its callers.
 *   3. Nobody is told of an abandoned run's end but the one who abandoned it; who asks meanwhile gets the next run.
 */
import { clockOf, park, type Waiter } from "../lowlevel.ts";
import type { CancelScope, Scope } from "../task/capabilities.ts";
import { operationOf } from "../task/park.ts";
import { moveOnAfter } from "../task/roots.ts";
import { needFunction, needScope } from "./arguments.ts";

/** A function that is run once for all who call it with the same key at the same time. */
export interface SingleFlight<K, T> {
  (key: K, scope: Scope): Promise<T>;
  /** How many keys are being run, the cleanup of abandoned runs included, and how many callers wait for them. */
  statistics(): { readonly running: number; readonly waiting: number };
}

type Failure = { readonly error: unknown };
type Load<K, T> = (key: K, scope: Scope) => T | PromiseLike<T>;

/**
 * Makes a function of `fn` that joins calls: who calls it with a key that is being worked on waits for that run and gets its
 * value, or its very error. Nothing is kept afterwards: the next call is a new run. Keys are told apart as in a Map.
 *
 * A caller that is cancelled lets go, and the run goes on for the others. It has a scope of its own, with nobody's deadline, by
 * the clock of the first caller. When nobody waits any more it is cancelled, and the last caller waits for its end; whoever
 * asks meanwhile gets a new run, after that end. Cost: one root scope for each run, one promise for each caller more.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { singleFlight } from "espalier/flow";
 *
 * let loads = 0;
 * const load = singleFlight(async (id: string, scope) => {
 *   loads++;
 *   await sleep(5, scope);
 *   return `user ${id}`;
 * });
 * await taskGroup(async (group) => {
 *   console.log(await group.all([(scope) => load("7", scope), (scope) => load("7", scope)])); // [ 'user 7', 'user 7' ]
 *   console.log(loads); // 1
 * });
 * ```
 */
export function singleFlight<K, T>(fn: (key: K, scope: Scope) => T | PromiseLike<T>): SingleFlight<K, T> {
  needFunction(fn, "singleFlight()", "what is run");
  const flights = new Map<K, Flight<K, T>>();
  const call = (key: K, scope: Scope): Promise<T> => {
    try {
      needScope(scope, "the function that singleFlight() made");
    } catch (error) {
      return Promise.reject(error);
    }
    return operationOf(join(flights, key, fn, scope));
  };
  const statistics = (): { running: number; waiting: number } => {
    let waiting = 0;
    for (const flight of flights.values()) waiting += flight.waiting;
    return { running: flights.size, waiting };
  };
  return Object.assign(call, { statistics });
}

async function join<K, T>(flights: Map<K, Flight<K, T>>, key: K, fn: Load<K, T>, scope: Scope): Promise<T> {
  /** The run that this caller abandoned, as the last one. */
  let abandoned: Promise<Failure | undefined> | undefined;
  try {
    return await park<T>(scope, "singleFlight", (waiter) => {
      let flight = flights.get(key);
      if (flight === undefined) flights.set(key, (flight = new Flight(key, fn, () => flights.delete(key))));
      const joined = flight;
      joined.add(waiter, scope);
      return () => (abandoned = joined.letGo(waiter));
    });
  } catch (error) {
    const failure = await abandoned;
    throw failure === undefined ? error : failure.error;
  }
}

class Flight<K, T> {
  readonly #key: K;
  readonly #fn: Load<K, T>;
  readonly #onIdle: () => void;
  readonly #waiters = new Map<Waiter<T>, Scope>();
  #scope: CancelScope | undefined;
  #isAbandoned = false;
  /** Gives what an abandoned run failed with. */
  #run: Promise<Failure | undefined> | undefined;

  constructor(key: K, fn: Load<K, T>, onIdle: () => void) {
    this.#key = key;
    this.#fn = fn;
    this.#onIdle = onIdle;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  add(waiter: Waiter<T>, scope: Scope): void {
    this.#waiters.set(waiter, scope);
    if (this.#run === undefined) this.#start(scope);
  }

  /** The waiter waits no more. Gives the end of the run if that was the last one. */
  letGo(waiter: Waiter<T>): Promise<Failure | undefined> | undefined {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0 || this.#isAbandoned) return undefined;
    this.#isAbandoned = true;
    this.#scope?.cancel("nobody waits for it any more");
    return this.#run;
  }

  #start(scope: Scope): void {
    this.#isAbandoned = false;
    const body = (own: CancelScope): T | PromiseLike<T> => {
      this.#scope = own;
      if (this.#isAbandoned) own.cancel("nobody waits for it any more");
      return this.#fn(this.#key, own);
    };
    const run = moveOnAfter(Infinity, body, { clock: clockOf(scope), name: this.#fn.name || "singleFlight" });
    this.#run = run.then(
      (value) => this.#ended((waiter) => waiter.resolve(value as T), undefined),
      (error: unknown) => this.#ended((waiter) => waiter.reject(error), { error }),
    );
  }

  /** Tells those who waited for the run; those who came after it was abandoned get the next one. */
  #ended(tell: (waiter: Waiter<T>) => boolean, failure: Failure | undefined): Failure | undefined {
    const isAbandoned = this.#isAbandoned;
    this.#scope = undefined;
    this.#run = undefined;
    if (!isAbandoned) {
      const waiters = [...this.#waiters.keys()];
      this.#waiters.clear();
      waiters.forEach(tell);
    }
    const [next] = this.#waiters.values();
    if (next === undefined) this.#onIdle();
    else this.#start(next);
    return isAbandoned ? failure : undefined;
  }
}
