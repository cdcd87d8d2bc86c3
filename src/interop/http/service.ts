/**
 * The requests of a service: which are under way, until when, and what happens to them at its end.
 *
 *   open ── the scope of serve() is cancelled ──▶ draining ── all answered, or `drain` ms over ──▶ cancelling ──▶ closed
 *     │  requests get their time                    │  answers close their connections              │  what comes now
 *     └─ without serve(): roots of their own        └─ what still comes is answered                 └─ gets a 503
 *
 * Invariants
 *   1. `#visits` are the requests whose group has not ended. serve() ends after the last of them.
 *   2. The cancellation of serve()'s scope reaches no request but through the drain.
 *   3. Who is cancelled by deadline, shutdown or a client that has gone learns of it as a RequestError, with the cancellation
 *      as its cause; any other failure is the very error that was thrown.
 */
import { CancelledError, openTaskGroup, type Scope, sleepForever, type TaskGroup } from "../../index.ts";
import { clockOf, park, realClock, type Waiter } from "../../lowlevel.ts";
import { forest } from "../../scope/node.ts";
import { type Face, nodeOf } from "../../task/face.ts";
import type { Acceptor } from "./acceptor.ts";
import { SignalVisit } from "./client.ts";
import { type RequestEnd, RequestError, statusesOf } from "./request-error.ts";
import { needMs, type Route, routeOf, type RouteOptions, timeFor } from "./route.ts";
import type { HttpServiceOptions, HttpServiceStatistics, RequestOptions } from "./service-options.ts";
import { needHeader, TIMEOUT_HEADER } from "./time-left.ts";
import type { Place, Visit } from "./visit.ts";
import { Visits } from "./visits.ts";

/**
 * Gives every request a task group, which is cancelled when its client goes away, when its time is over, and when the service
 * has drained long enough. It can be made anywhere and holds nothing; `serve` binds it to a scope.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { HttpService, nodeHandler } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 10_000 });
 * const server = createServer(
 *   nodeHandler(service, async (request, response, group) => {
 *     const greeting = group.spawn(async () => `hello from ${request.url}`);
 *     response.end(await greeting.join(group));
 *   }),
 * );
 * console.log(server.listening, service.statistics().state); // false open
 * ```
 */
export class HttpService {
  readonly name: string;
  /** Where clients say how long they wait, in lower case. */
  readonly header: string | undefined;
  readonly #defaults: Route;
  readonly #drain: number;
  readonly #close: number;
  readonly #status: Readonly<Record<RequestEnd, number>>;
  readonly #visits = new Visits();
  readonly #ended: Record<RequestEnd, number> = { DEADLINE: 0, SHUTDOWN: 0, CLIENT_GONE: 0 };
  #begun = 0;
  #state: HttpServiceStatistics["state"] = "open";
  /** Outside of `serve`. */
  readonly #nowhere: Place;
  #place: Place;
  /** From the beginning of serve() to its end: what comes after the last request is part of it. */
  #isServing = false;
  #onIdle: Waiter<void> | undefined;

  constructor(options: HttpServiceOptions = {}) {
    const { name = "service", header = TIMEOUT_HEADER, drain = 5_000, close = 1_000, status, clock = realClock } = options;
    this.name = name;
    this.header = header === false ? undefined : needHeader(header);
    this.#defaults = routeOf({ ...options, name: undefined }, { deadline: Infinity, maxDeadline: 0 }, name);
    this.#drain = needMs(drain, "drain");
    this.#close = needMs(close, "close");
    this.#status = statusesOf(status);
    this.#place = this.#nowhere = { parent: forest, clock };
  }

  /** Its end has come: an answer is the last one on its connection. */
  get isEnding(): boolean {
    return this.#state !== "open";
  }

  statistics(): HttpServiceStatistics {
    return { state: this.#state, running: this.#visits.size, begun: this.#begun, ended: { ...this.#ended } };
  }

  /**
   * The plain contract, for whatever has no adapter: `body` with a group of its own, and what it gives when all in the group have
   * ended. What is thrown in it is thrown as it is, the first failure without a TaskGroupError around; a RequestError tells that
   * the request was ended. Cost: one group.
   */
  request<T>(body: (group: TaskGroup) => T | PromiseLike<T>, options: RequestOptions = {}): Promise<T> {
    const { signal, timeout } = options;
    const route = this.route(options, body.name);
    return new Promise((resolve, reject) => this.enter(new SignalVisit(this, route, signal, body, resolve, reject), timeFor(route, timeout)));
  }

  /** @internal */
  route(options: RouteOptions | undefined, name: string): Route {
    return routeOf(options, this.#defaults, name);
  }

  /** @internal Where the group of a request is opened. */
  get place(): Place {
    return this.#place;
  }

  /** @internal A request, for at most `ms`. */
  enter(visit: Visit<unknown>, ms: number): void {
    if (this.#state === "cancelling" || this.#state === "closed") return visit.reject(this.#end("SHUTDOWN"));
    if (ms <= 0) return visit.reject(this.#end("DEADLINE"));
    this.#begun++;
    this.#visits.add(visit);
    if (this.#state === "draining") visit.drain();
    visit.start(ms);
  }

  /** @internal */
  left(visit: Visit<unknown>): void {
    this.#visits.delete(visit);
    if (this.#onIdle !== undefined && this.#visits.size === 0) this.#onIdle.resolve();
  }

  /** @internal Of a cancellation it is told who ended the request, where that was we; and so of the end of another request in it. */
  toldOf(visit: Visit<unknown>, error: unknown): unknown {
    return error instanceof CancelledError || error instanceof RequestError ? (this.endOf(visit) ?? error) : error;
  }

  /** @internal How it was ended, where that was we. */
  endOf({ opened }: Visit<unknown>): RequestError | undefined {
    const cause = opened?.reason;
    if (cause?.source === "deadline") return this.#end("DEADLINE", cause);
    return cause?.reason instanceof RequestError ? this.#end(cause.reason.code, cause) : undefined;
  }

  /**
   * Serves until `scope` is cancelled; then stops `acceptor`, lets the requests that are under way be answered for `drain` ms, cancels
   * those that are left, and closes. Ends, with the CancelledError of `scope`, when every request has: what a cleanup takes is waited
   * for. What fails in the acceptor is thrown. A service serves at one place at a time; afterwards it may serve again.
   */
  async serve(acceptor: Acceptor, scope: Scope): Promise<void> {
    if (this.#isServing) throw new Error(`"${this.name}" is served already. A second server needs a service of its own, or one acceptor for both.`);
    this.#isServing = true;
    const failures: unknown[] = [];
    try {
      await scope.shield((shield) => shield.group((group) => this.#live(acceptor, scope, group), { name: this.name, errors: "first", onError: (error) => void failures.push(error) }));
    } finally {
      this.#isServing = false;
    }
    if (failures.length > 0) throw failures[0];
    scope.throwIfCancelled();
  }

  async #live(acceptor: Acceptor, scope: Scope, group: TaskGroup): Promise<void> {
    const home = openTaskGroup({ signal: group.signal, name: `requests of ${this.name}` });
    this.#place = { parent: nodeOf(home as unknown as Face), clock: clockOf(home) };
    this.#state = "open";
    await sleepForever(scope).catch((error: unknown) => {
      if (!scope.cancelled) throw error;
    });
    // First, and then the answers that make clients come again: what they find is a closed door, not one that closes.
    await group.spawn((own) => acceptor.refuse?.(own), { name: "refuse" }).settled(group);
    this.#state = "draining";
    for (const visit of this.#visits) visit.drain();
    const stopping = group.spawn((own) => acceptor.stop(own), { name: "stop" });
    await group.moveOnAfter(this.#drain, async (limit) => {
      await stopping.settled(limit);
      await this.#idle(limit);
    });
    this.#state = "cancelling";
    home.cancel(new RequestError("SHUTDOWN"));
    await this.#idle(group);
    this.#place = this.#nowhere;
    await home[Symbol.asyncDispose]();
    await group.moveOnAfter(this.#close, (limit) => stopping.settled(limit));
    stopping.cancel();
    await stopping.settled(group);
    this.#state = "closed";
    await acceptor.close(group);
  }

  async #idle(scope: Scope): Promise<void> {
    if (this.#visits.size > 0) await park<void>(scope, "requests", (waiter) => void (this.#onIdle = waiter));
  }

  #end(code: RequestEnd, cause?: CancelledError): RequestError {
    this.#ended[code]++;
    const headers = this.isEnding ? { connection: "close" } : undefined;
    return new RequestError(code, { status: this.#status[code], headers, cause });
  }
}
