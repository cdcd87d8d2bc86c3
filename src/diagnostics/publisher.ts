import type { Channel } from "node:diagnostics_channel";
import type { Ending, Observed, ObservedWait, Probe } from "../lowlevel.ts";

/** Where what is published. */
export interface Channels {
  readonly taskStart: Channel;
  readonly taskEnd: Channel;
  readonly scopeStart: Channel;
  readonly scopeEnd: Channel;
  readonly cancel: Channel;
  readonly waitStart: Channel;
  readonly waitEnd: Channel;
}

/** A scope or task, as subscribers get it. A monitor may keep what it knows of it by this object. */
class Published {
  readonly scope: Observed;
  /** Set when it has ended. */
  status: Ending | undefined = undefined;
  /** What it failed with. */
  error: unknown = undefined;
  readonly #owner: Published | undefined;

  constructor(scope: Observed, owner: Published | undefined) {
    this.scope = scope;
    this.#owner = owner;
  }

  get name(): string {
    return this.scope.name;
  }

  get kind(): string {
    return this.scope.kind;
  }

  /** The one that it belongs to. */
  get owner(): Published | undefined {
    return this.#owner;
  }

  /** Why it was cancelled. */
  get cause(): Error | undefined {
    return this.scope.cause;
  }
}

/** A wait, as subscribers get it: the same object at its start and at its end. */
interface PublishedWait {
  readonly label: string;
  readonly scope: Published;
}

export function publisher({ taskStart, taskEnd, scopeStart, scopeEnd, cancel, waitStart, waitEnd }: Channels): Probe {
  const known = new WeakMap<Observed, Published>();
  const waits = new WeakMap<ObservedWait, PublishedWait>();

  /** Also of what was there before anybody subscribed: as the owner of something it is shown. */
  function publishedOf(scope: Observed): Published {
    const found = known.get(scope);
    if (found !== undefined) return found;
    const made = new Published(scope, scope.owner === undefined ? undefined : publishedOf(scope.owner));
    known.set(scope, made);
    return made;
  }
  const begun = new WeakSet<Published>();
  const begin = (scope: Observed): Published => {
    const published = publishedOf(scope);
    begun.add(published);
    return published;
  };

  return {
    opened(scope) {
      // A task begins when it is called: it may have to wait for a place, and may never get one.
      if (scope.kind !== "task") scopeStart.publish(begin(scope));
    },
    calling(scope, call) {
      if (scope.kind === "task") taskStart.runStores(begin(scope), call);
    },
    cancelled(scope) {
      const published = publishedOf(scope);
      if (cancel.hasSubscribers && begun.has(published)) cancel.publish(published);
    },
    parked(wait) {
      if (!waitStart.hasSubscribers && !waitEnd.hasSubscribers) return;
      const published: PublishedWait = { label: wait.label, scope: publishedOf(wait.scope) };
      waits.set(wait, published);
      waitStart.publish(published);
    },
    unparked(wait) {
      const published = waits.get(wait);
      if (published !== undefined) waitEnd.publish(published);
    },
    ended(scope, how, error) {
      const published = known.get(scope);
      if (published === undefined || !begun.has(published)) return;
      published.status = how;
      published.error = error;
      (scope.kind === "task" ? taskEnd : scopeEnd).publish(published);
    },
  };
}
