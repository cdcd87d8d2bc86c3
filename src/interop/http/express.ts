import type { TaskGroup } from "../../index.ts";
import { type NodeRequest, type NodeResponse, visitNode } from "./node.ts";
import type { RouteOptions } from "./route.ts";
import type { HttpService } from "./service.ts";

/**
 * A handler for routes of Express (4 and 5), and of what is called like it: `handler` with the group of the request.
 *
 * What it throws goes to `next`, and so to the error handlers of the app: a {@link RequestError} when the time was over or the service
 * ended, which Express's own answers with its status. Of a client that has gone nobody is told.
 *
 * @example
 * ```ts
 * import { expressHandler, HttpService } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 10_000 });
 * const order = expressHandler(service, async (request, response, group) => {
 *   response.end(await group.wait(Promise.resolve("an order")));
 * });
 * console.log(order.length); // 3: app.get("/orders/:id", order)
 * ```
 */
export function expressHandler<Q extends NodeRequest, S extends NodeResponse>(
  service: HttpService,
  handler: (request: Q, response: S, group: TaskGroup) => unknown,
  options?: RouteOptions | undefined,
): (request: Q, response: S, next: (error?: unknown) => void) => Promise<void> {
  const route = service.route(options, handler.name);
  return async (request, response, next) => {
    try {
      await visitNode(service, route, request, response, handler, true);
    } catch (error) {
      next(error);
    }
  };
}
