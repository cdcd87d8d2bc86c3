/** Web Requests: those of `Bun.serve`, `Deno.serve`, workers, and of frameworks that have them. */
import type { TaskGroup } from "../../index.ts";
import { SignalVisit } from "./client.ts";
import { type ErrorOptions, isGone } from "./node.ts";
import { RequestError } from "./request-error.ts";
import { type Route, type RouteOptions, timeFor } from "./route.ts";
import type { HttpService } from "./service.ts";

/** A web `Request`, as far as it is looked at. */
export interface WebRequest {
  readonly signal: AbortSignal;
  readonly headers: { get(name: string): string | null };
}

/** Calls `handler` in the group of the request. */
export function webVisit<T>(service: HttpService, route: Route, { signal, headers }: WebRequest, handler: (group: TaskGroup) => T | PromiseLike<T>): Promise<T> {
  const asked = service.header === undefined ? undefined : headers.get(service.header);
  return new Promise((resolve, reject) => service.enter(new SignalVisit(service, route, signal, handler, resolve, reject), timeFor(route, asked)));
}

/** An answer that is the last one on its connection, where the service ends. */
export function lastWhereEnding(service: HttpService, response: Response): Response {
  if (!service.isEnding) return response;
  try {
    response.headers.set("connection", "close");
    return response;
  } catch {
    // That of another server, handed through: its headers are fixed.
    const headers = new Headers(response.headers);
    headers.set("connection", "close");
    return isRemakable(response) ? new Response(response.body, { status: response.status, statusText: response.statusText, headers }) : response;
  }
}

/** An answer whose body breaks off when `cut` is aborted. */
function cuttable(response: Response, cut: AbortSignal): Response {
  if (response.body === null) return response;
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(new TransformStream(), { signal: cut }), { status, statusText, headers });
}

/** Not one that says that the connection becomes another one, nor that there is no answer: nobody but the platform can make these. */
function isRemakable({ status }: Response): boolean {
  return status >= 200;
}

/** What gives an answer before the group has ended: see {@link webHandler}. */
export type Respond = (response: Response) => void;

/**
 * A handler of web Requests, for `Bun.serve({ fetch })`, `Deno.serve(handler)`, workers and the like: `handler` with the group of the
 * request gives the Response.
 *
 * When the time is over or the service ends it answers with the status of the {@link RequestError}. What else is thrown is thrown to
 * the server, which has its own way (`error` of Bun, `onError` of Deno). A body that is still written while tasks run is answered with
 * `respond(response)`: the group, and the request with it, then last until the handler is done. A request that is ended after it, or that
 * fails, cuts what is left of the body, and what was thrown goes to `onError`.
 *
 * @example
 * ```ts
 * import { HttpService, webHandler } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 10_000 });
 * const handler = webHandler(service, async (request, group) => {
 *   const [user, orders] = await group.all([async () => "ada", async () => [7, 8]]);
 *   return Response.json({ path: new URL(request.url).pathname, user, orders });
 * });
 * console.log(await (await handler(new Request("http://localhost/me"))).json()); // { path: '/me', user: 'ada', orders: [ 7, 8 ] }
 * ```
 */
export function webHandler<Q extends WebRequest = Request>(
  service: HttpService,
  handler: (request: Q, group: TaskGroup, respond: Respond) => Response | void | PromiseLike<Response | void>,
  options?: (RouteOptions & ErrorOptions) | undefined,
): (request: Q) => Promise<Response> {
  const route = service.route(options, handler.name);
  const onError = options?.onError ?? console.error;
  return (request) =>
    new Promise((resolve, reject) => {
      /** Of an answer that was begun. */
      let cut: AbortController | undefined;
      const respond: Respond = (response) => {
        if (cut !== undefined) return;
        const own = new AbortController();
        resolve(lastWhereEnding(service, cuttable(response, own.signal)));
        cut = own;
      };
      const failed = (error: unknown): void => {
        // Another one's client may have gone, and this one's be waiting.
        const isEnded = error instanceof RequestError && (!isGone(error) || request.signal.aborted);
        if (cut !== undefined) {
          cut.abort(error);
          if (!isEnded) onError(error);
        } else if (isEnded) resolve(lastWhereEnding(service, error.getResponse()));
        else reject(error);
      };
      const answered = (response: Response | void): void => {
        if (response !== undefined) resolve(lastWhereEnding(service, response));
        else if (cut === undefined) throw new TypeError("The handler of a web Request gave no Response, and called respond() with none.");
      };
      webVisit(service, route, request, (group) => handler(request, group, respond)).then(answered).catch(failed);
    });
}
