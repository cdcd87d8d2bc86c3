import type { TaskGroup } from "../../index.ts";
import { type NodeRequest, type NodeResponse, visitNode } from "./node.ts";
import type { RouteOptions } from "./route.ts";
import type { HttpService } from "./service.ts";

/** The context of Koa, as far as it is looked at. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
}

/**
 * A middleware for Koa: `handler` with the group of the request. What it calls by `next()` runs in the group as well, if it awaits that.
 *
 * What it throws goes up to the app: a {@link RequestError} when the time was over or the service ended, which Koa answers with its
 * status. Of a client that has gone nobody is told.
 *
 * @example
 * ```ts
 * import { HttpService, koaMiddleware } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 10_000 });
 * const order = koaMiddleware(service, async (context: { body: unknown } & import("espalier/http").KoaContext, group) => {
 *   context.body = await group.all([async () => "an order", async () => "its invoice"]);
 * });
 * console.log(order.length); // 2: app.use(order)
 * ```
 */
export function koaMiddleware<C extends KoaContext>(
  service: HttpService,
  handler: (context: C, group: TaskGroup, next: () => Promise<unknown>) => unknown,
  options?: RouteOptions | undefined,
): (context: C, next: () => Promise<unknown>) => Promise<void> {
  const route = service.route(options, handler.name);
  return async (context, next) => {
    await visitNode(service, route, context.req, context.res, (_request, _response, group) => handler(context, group, next));
  };
}
