import type { TaskGroup } from "../../index.ts";
import { isGone } from "./node.ts";
import type { RouteOptions } from "./route.ts";
import type { HttpService } from "./service.ts";
import { lastWhereEnding, type WebRequest, webVisit } from "./web.ts";

/** The context of Hono, as far as it is looked at. */
export interface HonoContext {
  readonly req: { readonly raw: WebRequest };
  res: Response;
}

/**
 * A handler or a middleware for Hono: `handler` with the group of the request. What it calls by `next()` runs in the group as well.
 *
 * What it throws goes to `app.onError`: a {@link RequestError} when the time was over or the service ended, which Hono's own answers
 * with its status. Of a client that has gone nobody is told.
 *
 * @example
 * ```ts
 * import { honoHandler, type HonoContext, HttpService } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 10_000 });
 * const order = honoHandler(service, async (context: HonoContext, group) => {
 *   const [order, invoice] = await group.all([async () => "an order", async () => "its invoice"]);
 *   return Response.json({ order, invoice });
 * });
 * console.log(order.length); // 2: app.get("/orders/:id", order)
 * ```
 */
export function honoHandler<C extends HonoContext, R extends Response | void>(
  service: HttpService,
  handler: (context: C, group: TaskGroup, next: () => Promise<void>) => R | PromiseLike<R>,
  options?: RouteOptions | undefined,
): (context: C, next: () => Promise<void>) => Promise<R> {
  const route = service.route(options, handler.name);
  return async (context, next) => {
    try {
      const response = await webVisit(service, route, context.req.raw, (group) => handler(context, group, next));
      if (response !== undefined) return lastWhereEnding(service, response) as R;
      if (service.isEnding) context.res = lastWhereEnding(service, context.res);
      return response;
    } catch (error) {
      if (isGone(error) && context.req.raw.signal.aborted) return error.getResponse() as R;
      throw error;
    }
  };
}
