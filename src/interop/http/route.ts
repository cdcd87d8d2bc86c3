/** How much time the requests of a route have. */
import { millisecondsOf } from "./time-left.ts";

/** What is true of all requests of a route. */
export interface RouteOptions {
  /** How long a request may take, in ms. A client that says by a header that it waits less long has less. Default: the service's. */
  readonly deadline?: number | undefined;
  /** How long it may take where a client asks for more, in ms; by default not longer than `deadline`. */
  readonly maxDeadline?: number | undefined;
  /** For errors and diagnostics; by default the name of the handler. */
  readonly name?: string | undefined;
}

/** The same, complete. */
export interface Route {
  readonly deadline: number;
  readonly maxDeadline: number;
  /** How its groups are opened: the first failure is thrown as it is, for it is frameworks that read it. */
  readonly group: { readonly name: string; readonly errors: "first" };
}

/** Throws a RangeError for a time that is none. */
export function routeOf(options: RouteOptions | undefined, defaults: { readonly deadline: number; readonly maxDeadline: number }, name: string): Route {
  const deadline = needMs(options?.deadline ?? defaults.deadline, "deadline");
  // A route with a deadline of its own has no use for the service's maximum, which may be less.
  const most = options?.maxDeadline ?? (options?.deadline === undefined ? defaults.maxDeadline : deadline);
  return { deadline, maxDeadline: Math.max(deadline, needMs(most, "maxDeadline")), group: { name: options?.name ?? (name || "request"), errors: "first" } };
}

/** The time of one request, whose client may have asked for one. */
export function timeFor(route: Route, asked: string | null | undefined): number {
  const ms = millisecondsOf(asked);
  return ms === undefined ? route.deadline : Math.min(ms, route.maxDeadline);
}

export function needMs(ms: number, what: string): number {
  if (typeof ms === "number" && ms >= 0) return ms;
  throw new RangeError(`A service needs a number of milliseconds from 0 up as ${what}, and got ${String(ms)}. Infinity means no limit.`);
}
