/** A bare handler of Fastify, and the same in the scope of its request. */
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type { Row } from "../row.ts";
import type { Ways } from "../sample.ts";
import { fastifyHandler, HttpService, order, rowOf, sampleOf, served } from "./server.ts";

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

async function handler(): Promise<unknown> {
  await null;
  return order;
}

async function app(get: Handler) {
  const made = fastify();
  made.get("/orders/:id", get);
  await made.ready();
  return made.server;
}

export const ways = {
  "bare": async () => sampleOf(await app(handler)),
  "with a request scope": async () => {
    const service = new HttpService();
    return served(service, await app(fastifyHandler(service, handler)));
  },
  "with a request scope and a deadline": async () => {
    const service = new HttpService({ deadline: 10_000 });
    return served(service, await app(fastifyHandler(service, handler)));
  },
} satisfies Ways;

export const row: Row = rowOf(import.meta.url, "Fastify", "bare", {
  "with a request scope": { reach: 0.97 },
  "with a request scope and a deadline": { reach: 0.97 },
});
