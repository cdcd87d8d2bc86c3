import type { TaskGroup } from "../../index.ts";
import { type NodeRequest, type NodeResponse, visitNode } from "./node.ts";
import type { RouteOptions } from "./route.ts";
import type { HttpService } from "./service.ts";

/** A handler for routes of Fastify: what it gives is the answer, as with any handler. */
export type FastifyHandler<Q, R, T> = (request: Q, reply: R) => Promise<T | undefined>;

/**
 * A handler for routes of Fastify: `handler` with the group of the request.
 *
 * What it throws goes to the error handler of the app or the plugin: a {@link RequestError} when the time was over or the service ended,
 * which Fastify's own answers with its status. Of a client that has gone nobody is told.
 *
 * @example
 * ```ts
 * import { fastifyHandler, HttpService } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 10_000 });
 * const order = fastifyHandler(service, (request, reply, group) => group.all([async () => "an order", async () => "its invoice"]), { deadline: 500 });
 * console.log(order.length); // 2: app.get("/orders/:id", order)
 * ```
 */
export function fastifyHandler<Q extends { readonly raw: NodeRequest }, R extends { readonly raw: NodeResponse }, T>(
  service: HttpService,
  handler: (request: Q, reply: R, group: TaskGroup) => T | PromiseLike<T>,
  options?: RouteOptions | undefined,
): FastifyHandler<Q, R, T> {
  const route = service.route(options, handler.name);
  return (request, reply) => visitNode(service, route, request.raw, reply.raw, (_request, _response, group) => handler(request, reply, group));
}
