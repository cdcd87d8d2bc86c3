/** A bare listener of node:http, and the same in the scope of its request. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { TaskGroup } from "../../src/index.ts";
import type { Row } from "../row.ts";
import type { Ways } from "../sample.ts";
import { HttpService, nodeHandler, order, rowOf, sampleOf, served } from "./server.ts";

const body = JSON.stringify(order);

async function handler(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  await null;
  response.setHeader("Content-Type", "application/json");
  response.end(body);
}

/** What one writes by hand for the half of it: a signal for the client that has gone. */
function byHand(request: IncomingMessage, response: ServerResponse): void {
  const gone = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  handler(request, response).catch(() => {});
}

export const ways = {
  "bare": () => sampleOf(createServer(handler)),
  "AbortController, by hand": () => sampleOf(createServer(byHand)),
  "with a request scope": () => {
    const service = new HttpService();
    return served(service, createServer(nodeHandler(service, handler)));
  },
  "with a request scope and a deadline": () => {
    const service = new HttpService({ deadline: 10_000 });
    return served(service, createServer(nodeHandler(service, handler)));
  },
  "with a request scope and a task in it": () => {
    const service = new HttpService({ deadline: 10_000 });
    const withTask = async (request: IncomingMessage, response: ServerResponse, group: TaskGroup): Promise<void> => {
      await group.spawn(() => handler(request, response)).join(group);
    };
    return served(service, createServer(nodeHandler(service, withTask)));
  },
} satisfies Ways;

export const row: Row = rowOf(import.meta.url, "node:http", "bare", {
  "with a request scope": { reach: 0.97 },
  "with a request scope and a deadline": { reach: 0.97 },
  "with a request scope and a task in it": {},
  "AbortController, by hand": {},
});
