/** One small app, written with each framework: what is asked by GET is given to `answer`, and its text is the answer. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve as serveHono } from "@hono/node-server";
import express from "express";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { type Context, Hono } from "hono";
import Koa from "koa";
import type { TaskGroup } from "espalier";
import { expressHandler, fastifyHandler, honoHandler, type HttpService, koaMiddleware, nodeHandler, RequestError, type RouteOptions, webHandler } from "espalier/http";

/** What the app does. `write` begins the answer, where the framework lets a handler do that by itself. */
export type Answer = (path: string, group: TaskGroup) => Promise<string>;

export interface App {
  readonly answer: Answer;
  readonly route?: RouteOptions;
  /** Told of what reaches the error handler of the framework, or the one that stands for it where there is none. */
  readonly failed: (error: unknown) => void;
}

export interface Framework {
  readonly name: string;
  /** The app, on a server that does not listen yet. */
  start(service: HttpService, app: App): Server | Promise<Server>;
}

export const frameworks: readonly Framework[] = [
  {
    name: "node:http",
    start: (service, { answer, route, failed }) =>
      createServer(nodeHandler(service, async (request, response, group) => response.end(await answer(request.url!, group)), { ...route, onError: failed })),
  },
  {
    name: "Express",
    start(service, { answer, route, failed }) {
      const app = express();
      // What it says of failures is not for the report of the tests.
      app.set("env", "test");
      app.get("/{*path}", expressHandler(service, async (request: express.Request, response: express.Response, group) => response.send(await answer(request.path, group)), route));
      app.use((error: unknown, _request: express.Request, _response: express.Response, next: express.NextFunction) => {
        failed(error);
        next(error);
      });
      return createServer(app);
    },
  },
  {
    name: "Fastify",
    async start(service, { answer, route, failed }) {
      const app = fastify();
      app.addHook("onError", async (_request, _reply, error) => failed(error));
      app.get("/*", fastifyHandler(service, (request: FastifyRequest, _reply: FastifyReply, group) => answer(request.url, group), route));
      await app.ready();
      return app.server;
    },
  },
  {
    name: "Koa",
    start(service, { answer, route, failed }) {
      const app = new Koa();
      app.silent = true;
      app.use(async (_context, next) => {
        try {
          await next();
        } catch (error) {
          failed(error);
          throw error;
        }
      });
      app.use(koaMiddleware(service, async (context: Koa.Context, group) => (context.body = await answer(context.path, group)), route));
      return createServer(app.callback());
    },
  },
  {
    name: "Hono",
    start(service, { answer, route, failed }) {
      const app = new Hono();
      app.get("/*", honoHandler(service, async (context: Context, group) => context.text(await answer(context.req.path, group)), route));
      app.onError((error, context) => {
        failed(error);
        return error instanceof RequestError ? error.getResponse() : context.text("Internal Server Error", 500);
      });
      return unbound(app.fetch);
    },
  },
  {
    name: "web Requests",
    start: (service, { answer, route, failed }) => {
      const handler = webHandler(service, async (request, group) => new Response(await answer(new URL(request.url).pathname, group)), route);
      return unbound((request) =>
        handler(request).catch((error: unknown) => {
          failed(error);
          return new Response("Internal Server Error", { status: 500 });
        }),
      );
    },
  },
];

/** A server of web Requests that does not listen yet. */
function unbound(fetch: (request: Request) => Response | Promise<Response>): Server {
  let server!: Server;
  serveHono({
    fetch,
    overrideGlobalObjects: false,
    createServer: ((...args: Parameters<typeof createServer>) => {
      server = createServer(...args);
      // It listens when the test says so.
      server.listen = () => server;
      return server;
    }) as typeof createServer,
  });
  delete (server as Partial<Server>).listen;
  return server;
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
