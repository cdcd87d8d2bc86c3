/** The scope of a request, on every server. */
export { type Acceptor, type NodeServer, nodeServer, type NodeServerOptions } from "./acceptor.ts";
export { expressHandler } from "./express.ts";
export { fastifyHandler, type FastifyHandler } from "./fastify.ts";
export { type HonoContext, honoHandler } from "./hono.ts";
export { type KoaContext, koaMiddleware } from "./koa.ts";
export { type ErrorOptions, nodeHandler, type NodeRequest, type NodeResponse } from "./node.ts";
export { type RequestEnd, RequestError } from "./request-error.ts";
export type { RouteOptions } from "./route.ts";
export { HttpService } from "./service.ts";
export type { HttpServiceOptions, HttpServiceStatistics, RequestOptions } from "./service-options.ts";
export { downstream, type DownstreamOptions, type RequestHeaders, timeLeft, TIMEOUT_HEADER } from "./time-left.ts";
export { type Respond, webHandler, type WebRequest } from "./web.ts";
