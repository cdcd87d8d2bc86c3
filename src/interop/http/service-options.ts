/** What a service is told, and what it tells. */
import type { Clock } from "../../index.ts";
import type { RequestEnd } from "./request-error.ts";
import type { RouteOptions } from "./route.ts";

/** How a service treats its requests. All times in ms. */
export interface HttpServiceOptions extends RouteOptions {
  /** In which header a client says how long it waits; false for none. By default `"x-request-timeout-ms"`. */
  readonly header?: string | false | undefined;
  /** How long requests that are under way at the end may take, before they are cancelled. By default 5,000. */
  readonly drain?: number | undefined;
  /** How long their answers may then take to be sent, before the connections are cut. By default 1,000. */
  readonly close?: number | undefined;
  /** Other statuses, from 400 to 599, than 504 for `"DEADLINE"` and 503 for `"SHUTDOWN"`. */
  readonly status?: Readonly<Partial<Record<RequestEnd, number | undefined>>> | undefined;
  /** For requests outside of `serve`, whose scope has a clock. */
  readonly clock?: Clock | undefined;
}

/** What a service knows of itself, for tests, metrics and health checks. */
export interface HttpServiceStatistics {
  readonly state: "open" | "draining" | "cancelling" | "closed";
  /** How many requests are under way. */
  readonly running: number;
  /** How many have begun since the service was made. */
  readonly begun: number;
  /** How many were ended before their handler was done, or began, by what. */
  readonly ended: Readonly<Record<RequestEnd, number>>;
}

/** One request that is no adapter's. */
export interface RequestOptions extends RouteOptions {
  /** Aborted when the client has gone. */
  readonly signal?: AbortSignal | undefined;
  /** What the client said of its patience: the value of the header. */
  readonly timeout?: string | null | undefined;
}
