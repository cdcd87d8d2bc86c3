/** Requests of `node:http`, and of the frameworks that are built on it. */
import type { TaskGroup } from "../../index.ts";
import { RequestError } from "./request-error.ts";
import { type Route, type RouteOptions, timeFor } from "./route.ts";
import type { HttpService } from "./service.ts";
import { rawHeader } from "./time-left.ts";
import { type Keeper, Visit } from "./visit.ts";

/** A request of Node.js, as far as it is looked at, and what most handlers look at. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: readonly string[];
  readonly httpVersionMajor: number;
}

/** A response of Node.js, as far as it is used, and what most handlers use. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  on(event: "close", listener: () => void): unknown;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): void;
  getHeaderNames(): string[];
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(chunk: string | Uint8Array): unknown;
  end(chunk?: string | Uint8Array): unknown;
  destroy(): unknown;
}

/** How failures are told where there is no framework to tell them to. */
export interface ErrorOptions {
  /** Gets what a handler threw, and nobody else learns of; by default `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A handler with the objects of Node.js. */
export type NodeHandler<Q, S, T> = (request: Q, response: S, group: TaskGroup) => T | PromiseLike<T>;

/** A request that is handled with the objects of Node.js. */
abstract class NodeVisit<Q extends NodeRequest, S extends NodeResponse, T> extends Visit<T> {
  readonly #request: Q;
  protected readonly response: S;
  readonly #handler: NodeHandler<Q, S, T>;

  constructor(keeper: Keeper, route: Route, request: Q, response: S, handler: NodeHandler<Q, S, T>) {
    super(keeper, route);
    this.#request = request;
    this.response = response;
    this.#handler = handler;
  }

  override drain(): void {
    if (this.#request.httpVersionMajor < 2 && !this.response.headersSent) this.response.setHeader("Connection", "close");
  }

  /** How it was ended, where its handler answered nothing for all that: it caught the cancellation, and returned. */
  get unanswered(): RequestError | undefined {
    const { headersSent, writableEnded, destroyed } = this.response;
    return headersSent || writableEnded || destroyed ? undefined : this.end;
  }

  /** Whether an error says that the client of this request, and not of another one in it, has gone. */
  protected isLeft(error: unknown): boolean {
    return isGone(error) && (isGone(this.opened?.reason?.reason) || (this.response.destroyed && isCut(this.response)));
  }

  protected override handle(group: TaskGroup): T | PromiseLike<T> {
    return this.#handler(this.#request, this.response, group);
  }

  protected override watch(gone: () => void): void {
    const { response } = this;
    if (response.destroyed) return void (isCut(response) && gone());
    // It is told once, and of every response. After the end of the group nothing happens.
    response.on("close", () => isCut(response) && gone());
  }
}

/** Whether a response that is closed was not sent to its end. That of HTTP/2 does not know what was sent. */
function isCut({ writableFinished, writableEnded }: NodeResponse): boolean {
  return !((writableFinished as boolean | undefined) ?? writableEnded);
}

/** One whose end is awaited. */
class AwaitedVisit<Q extends NodeRequest, S extends NodeResponse, T> extends NodeVisit<Q, S, T> {
  declare resolve: (value: T | undefined) => void;
  declare give: (error: unknown) => void;

  reject(error: unknown): void {
    if (this.isLeft(error)) this.resolve(undefined);
    else this.give(error);
  }
}

/**
 * Calls `handler` with a group; gives `undefined` when the client has gone. Where nobody but the handler answers, `isAlone`, a request that
 * was ended without an answer fails whatever the handler gave.
 */
export function visitNode<Q extends NodeRequest, S extends NodeResponse, T>(
  service: HttpService,
  route: Route,
  request: Q,
  response: S,
  handler: NodeHandler<Q, S, T>,
  isAlone = false,
): Promise<T | undefined> {
  const visit = new AwaitedVisit(service, route, request, response, handler);
  return new Promise((resolve, reject) => {
    visit.resolve = (value) => {
      const end = isAlone ? visit.unanswered : undefined;
      if (end === undefined) resolve(value);
      else reject(end);
    };
    visit.give = reject;
    service.enter(visit, timeOf(service, route, request));
  });
}

function timeOf(service: HttpService, route: Route, { rawHeaders }: NodeRequest): number {
  return timeFor(route, service.header === undefined ? undefined : rawHeader(rawHeaders, service.header));
}

/** Whether it says of a request, be it this one or another one in it, that nobody is there any more who could be answered. */
export function isGone(error: unknown): error is RequestError {
  return error instanceof RequestError && error.code === "CLIENT_GONE";
}

/**
 * A listener for `createServer` of `node:http` or `node:https`: `handler` with the request, the response, and the group of the request.
 *
 * When the time is over, or the service ends, and nothing was sent yet, it answers with the status of the {@link RequestError}; what was
 * begun is cut, so that no client takes it for whole. What else is thrown is answered by a 500, and given to `onError`. Of a client that
 * has gone nobody is told.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { HttpService, nodeHandler } from "espalier/http";
 *
 * const service = new HttpService();
 * const server = createServer(
 *   nodeHandler(
 *     service,
 *     async (_request, response, group) => {
 *       const [user, orders] = await group.all([async () => "ada", async () => [7, 8]]);
 *       response.end(`${user} has ${orders.length} orders`);
 *     },
 *     { deadline: 2_000, name: "orders" },
 *   ),
 * );
 * console.log(server.listenerCount("request")); // 1
 * ```
 */
export function nodeHandler<Q extends NodeRequest, S extends NodeResponse>(
  service: HttpService,
  handler: (request: Q, response: S, group: TaskGroup) => unknown,
  options?: (RouteOptions & ErrorOptions) | undefined,
): (request: Q, response: S) => void {
  const route = service.route(options, handler.name);
  const onError = options?.onError ?? console.error;
  return (request, response) => service.enter(new ListenedVisit(service, route, request, response, handler, onError), timeOf(service, route, request));
}

/** One that nobody awaits. */
class ListenedVisit<Q extends NodeRequest, S extends NodeResponse> extends NodeVisit<Q, S, unknown> {
  readonly #onError: (error: unknown) => void;

  constructor(keeper: Keeper, route: Route, request: Q, response: S, handler: NodeHandler<Q, S, unknown>, onError: (error: unknown) => void) {
    super(keeper, route, request, response, handler);
    this.#onError = onError;
  }

  resolve(): void {
    const { unanswered } = this;
    if (unanswered !== undefined) answer(this.response, unanswered);
  }

  reject(error: unknown): void {
    if (this.isLeft(error)) return;
    const end = error instanceof RequestError && !isGone(error) ? error : undefined;
    // First, for the other one may throw.
    answer(this.response, end);
    if (end === undefined) this.#onError(error);
  }
}

/** Answers with the end of the request, or with a 500, or cuts an answer that was begun. */
function answer(response: NodeResponse, end: RequestError | undefined): void {
  if (response.writableEnded) return;
  if (response.headersSent) return void response.destroy();
  const { status, message, headers } = end ?? { status: 500, message: "Internal Server Error", headers: {} };
  // What was set was meant for another answer; but whether the connection ends is as it was.
  for (const name of response.getHeaderNames()) if (name !== "connection") response.removeHeader(name);
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...headers });
  response.end(`${message}\n`);
}
