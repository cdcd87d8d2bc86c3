/**
 * One request, from its arrival to the end of its group.
 *
 * Its group is opened when somebody first asks anything of it: who answers without it pays nothing for it. Nobody can tell the
 * difference, for a cancellation is felt only by who has the scope. So the client, too, is watched only from then on.
 *
 *   untouched ── the handler touches its group ──▶ open ── the handler ends ──▶ draining ── its tasks have ended ──▶ over
 *       └── the handler ends ──────────────────────────────────────────────────────────────────────────────────────▶ over
 */
import type { Clock, TaskGroup } from "../../index.ts";
import type { ScopeNode } from "../../scope/node.ts";
import { runGroup } from "../../task/group.ts";
import { asItIs, GroupScope, makeGroup } from "../../task/scopes.ts";
import { RequestError } from "./request-error.ts";
import type { Route } from "./route.ts";

/** Where the groups of requests are opened, and what tells the time there. */
export interface Place {
  readonly parent: ScopeNode;
  readonly clock: Clock;
}

/** Whose requests they are. */
export interface Keeper {
  readonly place: Place;
  /** The request is over. */
  left(visit: Visit<unknown>): void;
  /** What is told of an error in it. */
  toldOf(visit: Visit<unknown>, error: unknown): unknown;
  /** How it was ended, where it was not by its handler. */
  endOf(visit: Visit<unknown>): RequestError | undefined;
}

export abstract class Visit<T> {
  // In the list of those that are under way.
  next: Visit<unknown> | undefined = undefined;
  previous: Visit<unknown> | undefined = undefined;
  readonly #keeper: Keeper;
  readonly #route: Route;
  /** When its time is over, by the clock of its place. */
  #deadline = Infinity;
  #group: GroupScope | undefined = undefined;
  /** Ends the body of the group. */
  #return: ((outcome: unknown) => void) | undefined = undefined;
  #isOver = false;

  constructor(keeper: Keeper, route: Route) {
    this.#keeper = keeper;
    this.#route = route;
  }

  /** Calls the handler. */
  protected abstract handle(group: TaskGroup): T | PromiseLike<T>;
  /** What the handler gave, or what there is to tell in its place; when all in the group have ended. */
  abstract resolve(value: T): void;
  abstract reject(error: unknown): void;
  /** Calls `gone` when the client goes away, or has gone, until `unwatch`. */
  protected watch(_gone: () => void): void {}
  protected unwatch(): void {}
  /** The answer shall be the last one on its connection. */
  drain(): void {}

  /** The group, if anybody has touched it. */
  get opened(): TaskGroup | undefined {
    return this.#group;
  }

  protected get end(): RequestError | undefined {
    return this.#keeper.endOf(this);
  }

  /** Calls the handler, for at most `ms`. */
  start(ms: number): void {
    if (ms < Infinity) this.#deadline = this.#keeper.place.clock.now() + ms;
    let outcome: T | PromiseLike<T>;
    try {
      outcome = this.handle(new Proxy<Visit<unknown>>(this, window) as unknown as TaskGroup);
    } catch (error) {
      return this.#threw(error);
    }
    if (typeof (outcome as PromiseLike<T> | undefined | null)?.then !== "function") return this.#returned(outcome as T);
    void (outcome as PromiseLike<T>).then(
      (value) => this.#returned(value),
      (error: unknown) => this.#threw(error),
    );
  }

  touch(): GroupScope {
    return this.#group ?? this.#open();
  }

  // What the handler did is what the body of the group does, where there is one.

  #returned(value: T): void {
    if (this.#return === undefined) this.#succeed(value);
    else this.#return(value);
  }

  #threw(error: unknown): void {
    if (this.#return === undefined) this.#fail(error);
    else this.#return(Promise.reject(error));
  }

  #succeed(value: T): void {
    this.#leave();
    this.resolve(value);
  }

  #fail(error: unknown): void {
    this.#leave();
    this.reject(this.#keeper.toldOf(this, error));
  }

  #leave(): void {
    this.#isOver = true;
    if (this.#group !== undefined) this.unwatch();
    this.#keeper.left(this);
  }

  #open(): GroupScope {
    const { parent, clock } = this.#keeper.place;
    const { group: options } = this.#route;
    const node = makeGroup(parent, clock, options.name, options, "the group of a request");
    const group = new GroupScope(node);
    this.#group = group;
    if (this.#isOver) {
      node.finish();
      node.leave();
      return group;
    }
    const body = new Promise<T>((resolve) => (this.#return = resolve as (outcome: unknown) => void));
    runGroup(node, () => body, "first", asItIs).then(
      (value) => this.#succeed(value),
      (error: unknown) => this.#fail(error),
    );
    if (this.#deadline < Infinity) group.reschedule(this.#deadline);
    this.watch(() => group.cancel(new RequestError("CLIENT_GONE")));
    return group;
  }
}

const refuse = (): boolean => false;

/** A group that is looked at through this is opened by the look. */
const window: ProxyHandler<Visit<unknown>> = {
  get(visit, key): unknown {
    const group = visit.touch();
    return Reflect.get(group, key, group);
  },
  has: (visit, key) => key in visit.touch(),
  ownKeys: () => ["signal"],
  getOwnPropertyDescriptor: (visit, key) => (key === "signal" ? { value: visit.touch().signal, enumerable: true, configurable: true } : undefined),
  getPrototypeOf: () => GroupScope.prototype,
  set: refuse,
  defineProperty: refuse,
  deleteProperty: refuse,
  setPrototypeOf: refuse,
  preventExtensions: refuse,
};
