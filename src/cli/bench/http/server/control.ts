/**
 * The endpoint through which the driver opens sites, lets them go on, and reads their counts.
 *
 * It has a port of its own, so that asking changes no count. One resource, plain verbs:
 *
 *     POST   /sites                open one, from a SitePlan     → SiteInfo
 *     POST   /sites/:id/release    let the held answers go out   → Counts
 *     POST   /sites/:id/quiet      wait until nothing more comes → Counts   (?drained: and every connection is gone)
 *     DELETE /sites/:id            close it                      → Counts
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { json } from "node:stream/consumers";
import { Site, type SitePlan } from "./site.ts";

export interface SiteInfo {
  readonly id: number;
  readonly url: string;
}

/** Starts the endpoint and gives its address. */
export async function openControl(): Promise<{ readonly url: string; readonly server: Server }> {
  const sites = new Map<number, Site>();
  let lastId = 0;

  async function open(plan: SitePlan): Promise<SiteInfo> {
    const site = await Site.open(plan);
    sites.set(++lastId, site);
    return { id: lastId, url: site.url };
  }

  async function handle(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? "/", "http://control");
    const [collection, id, action] = url.pathname.slice(1).split("/");
    if (collection !== "sites") return undefined;
    if (request.method === "POST" && id === undefined) return await open((await json(request)) as SitePlan);
    const site = sites.get(Number(id));
    if (site === undefined) return undefined;
    if (request.method === "POST" && action === "release") await site.release();
    else if (request.method === "POST" && action === "quiet") await site.quiet(url.searchParams.has("drained"));
    else if (request.method === "DELETE" && action === undefined) {
      sites.delete(Number(id));
      await site.close();
    } else return undefined;
    return site.counts();
  }

  const server = createServer((request, response) => {
    void handle(request).then(
      (answer) => reply(response, answer === undefined ? 404 : 200, answer ?? { error: `no such resource: ${request.method} ${request.url}` }),
      (error: unknown) => reply(response, 500, { error: String(error) }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function reply(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}
