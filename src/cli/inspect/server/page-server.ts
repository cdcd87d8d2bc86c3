/** The server of the page: on 127.0.0.1 only, for whoever has the token; the data as server-sent events. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Scope, sleep, type TaskGroup } from "espalier";
import type { Program } from "../../../inspect/watch/program.ts";
import { Feed } from "./feed.ts";
import { admit, headers } from "./guard.ts";
import type { PageFile } from "./page-files.ts";

const EVERY_MS = 100;
/** So many pages at once: each costs a portion every now and then. */
const MOST_PAGES = 8;
const MOST_WANTED = 20;

interface Site {
  readonly program: Program;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly group: TaskGroup;
  readonly token: string;
  pages: number;
}

/** Serves the page of a program until the scope is cancelled; `ready` is told its address. */
export function servePage(program: Program, files: ReadonlyMap<string, PageFile>, ready: (address: string) => void, scope: Scope): Promise<void> {
  return scope.group(
    async (group) => {
      const site: Site = { program, files, group, token: randomBytes(24).toString("base64url"), pages: 0 };
      const server = createServer((request, response) => answer(request, response, server, site));
      try {
        await listening(server);
        const { port } = server.address() as AddressInfo;
        ready(`http://127.0.0.1:${port}/${site.token}/`);
        await group.wait(once(server, "close"));
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
    // A page that goes in the middle of a portion is no failure of the others.
    { name: "page", onError: () => {} },
  );
}

async function listening(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

function answer(request: IncomingMessage, response: ServerResponse, server: Server, site: Site): void {
  request.resume();
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const admission = admit(request, (server.address() as AddressInfo).port, site.token);
  if ("status" in admission) return say(response, admission.status, admission.why);
  const { path, query } = admission;
  if (path === "GET events") return admitPage(response, site);
  if (path === "POST want") {
    const ids = (query.get("ids") ?? "").split(",").map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
    site.program.want(ids.slice(0, MOST_WANTED));
    return void response.writeHead(204).end();
  }
  const file = site.files.get(path.replace(/^GET /, ""));
  if (file === undefined) return say(response, 404, "There is no such thing here.");
  response.writeHead(200, { "Content-Type": file.type }).end(file.body);
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function admitPage(response: ServerResponse, site: Site): void {
  if (site.pages >= MOST_PAGES) return say(response, 503, `There are ${MOST_PAGES} pages of this program already: close one.`);
  site.pages++;
  const task = site.group.spawn((scope) => feed(response, site.program, scope), { name: "a page" });
  response.once("close", () => {
    site.pages--;
    task.cancel("the page is gone");
  });
}

/** Tells a page, portion by portion, as fast as it reads. */
async function feed(response: ServerResponse, program: Program, scope: Scope): Promise<void> {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const own = new Feed(program);
  try {
    for (;;) {
      const hasRoom = response.write(`data: ${JSON.stringify(own.next())}\n\n`);
      if (!hasRoom) await once(response, "drain", scope);
      if (own.behind === 0) await sleep(EVERY_MS, scope);
      else await scope.checkpoint();
    }
  } finally {
    own.end();
  }
}
