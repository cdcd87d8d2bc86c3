/**
 * A crawler: follows links as deep as they go, at most so many requests at a time and in a second, and asks again where the server
 * is busy. The server is its own, on loopback.
 *
 *   npx node --conditions=espalier:source examples/crawler.ts
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { run, type Scope, taskGroup } from "espalier";
import { exponential, retry } from "espalier/flow";
import { RateLimiter, Semaphore } from "espalier/sync";

const site: Readonly<Record<string, readonly string[]>> = {
  "/": ["/docs", "/blog"],
  "/docs": ["/docs/install", "/docs/api", "/"],
  "/docs/install": [],
  "/docs/api": ["/docs"],
  "/blog": ["/blog/one", "/blog/two", "/lost"],
  "/blog/one": ["/"],
  "/blog/two": ["/blog/one"],
};

/** Serves the site until the scope ends. Each page of the blog is busy when it is asked for first. */
async function serve(scope: Scope, started: (origin: string) => void): Promise<void> {
  const asked = new Set<string>();
  const server: Server = createServer(({ url = "/" }, response) => {
    const isFirst = !asked.has(url) && asked.add(url).size > 0;
    const links = site[url];
    if (links === undefined) response.writeHead(404).end();
    else if (isFirst && url.startsWith("/blog/")) response.writeHead(503, { "Retry-After": "0" }).end();
    else response.end(JSON.stringify(links));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening", scope);
  started(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await once(server, "close", scope);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

class HttpError extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`${response.status} for ${new URL(response.url).pathname}`);
    this.response = response;
  }
}

const places = new Semaphore(4);
const rate = new RateLimiter({ tokens: 200, interval: 1_000, burst: 4 });
const patience = exponential(10)
  .attempts(5)
  .when((error) => error instanceof HttpError && error.response.status === 503)
  .retryAfter();

/** The links of a page. The place is free again while it waits for the next attempt. */
function load(url: URL, scope: Scope): Promise<string[]> {
  const attempt = (own: Scope): Promise<string[]> =>
    places.use(async () => {
      await rate.acquire(own);
      const response = await fetch(url, own);
      if (response.ok) return (await response.json()) as string[];
      await response.body?.cancel();
      throw new HttpError(response);
    }, own);
  return retry(attempt, patience, scope);
}

/** All pages that can be reached from `start`, with what became of them. No counter says when it is done: the group does. */
async function crawl(start: URL, scope: Scope): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  await scope.group((group) => {
    const visit = (url: URL): void => {
      if (pages.has(url.pathname)) return;
      pages.set(url.pathname, "…");
      group.spawn(
        async (own) => {
          try {
            const links = await load(url, own);
            pages.set(url.pathname, `${links.length} links`);
            for (const link of links) visit(new URL(link, url));
          } catch (error) {
            if (!(error instanceof HttpError)) throw error;
            pages.set(url.pathname, error.message);
          }
        },
        { name: url.pathname },
      );
    };
    visit(start);
  });
  return pages;
}

await run(async (scope) => {
  await taskGroup(async (group) => {
    const server = await group.start(serve, group, { name: "server", daemon: true });
    const pages = await group.failAfter(10_000, (own) => crawl(new URL(server.started), own));
    for (const path of [...pages.keys()].toSorted()) console.log(`${path.padEnd(14)} ${pages.get(path)}`);
  }, scope);
});
