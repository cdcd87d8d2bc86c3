/** Who gets an answer from the server of the page, and what it says. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { run } from "espalier";
import type { PageMessage } from "../../src/cli/inspect/server/message.ts";
import { servePage } from "../../src/cli/inspect/server/page-server.ts";
import { Program } from "../../src/inspect/watch/program.ts";

const files = new Map([["", { type: "text/html", body: "<p>page</p>" }]]);

/** What answers, and what it says. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

function serving(body: (address: URL, program: Program) => Promise<void>): Promise<void> {
  const program = new Program();
  return run(
    (scope) =>
      scope.group(async (group) => {
        const server = await group.start((own, started: (address: string) => void) => servePage(program, files, started, own), group);
        await body(new URL(server.started), program);
        server.cancel();
      }, { errors: "first" }),
    { signals: [] },
  );
}

async function ask(address: URL, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const asked = request({ host: "127.0.0.1", port: address.port, path, method, headers: { host: address.host, ...headers }, agent: false });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return { status: response.statusCode!, headers: response.headers, body: await text(response) };
}

describe("the server of the page", () => {
  test("gives the page to who has the token, with a policy that lets nothing else in", () =>
    serving(async (address) => {
      assert.equal(address.hostname, "127.0.0.1");
      assert.match(address.pathname, /^\/[\w-]{32}\/$/);
      const { status, body, headers } = await ask(address, address.pathname, { "sec-fetch-site": "none" });
      assert.deepEqual([status, body], [200, "<p>page</p>"]);
      assert.match(headers["content-security-policy"] as string, /default-src 'none'.*frame-ancestors 'none'/);
      assert.deepEqual([headers["referrer-policy"], headers["cache-control"], headers["x-content-type-options"], headers["access-control-allow-origin"]], ["no-referrer", "no-store", "nosniff", undefined]);
      assert.equal((await ask(address, address.pathname, { host: `localhost:${address.port}` })).status, 200);
    }));

  const refused: Record<string, (address: URL) => Promise<Answer>> = {
    "no token": (address) => ask(address, "/"),
    "no token, but a path": (address) => ask(address, "/events"),
    "another token": (address) => ask(address, `/${"x".repeat(32)}/`),
    "a part of the token": (address) => ask(address, `${address.pathname.slice(0, -2)}/`),
    "a name that was made to point here": (address) => ask(address, address.pathname, { host: `evil.example:${address.port}` }),
    "this host at another port": (address) => ask(address, address.pathname, { host: "127.0.0.1:80" }),
    "another page's origin": (address) => ask(address, `${address.pathname}events`, { origin: "https://evil.example" }),
    "the origin of another port": (address) => ask(address, `${address.pathname}events`, { origin: "http://127.0.0.1:1" }),
    "no origin at all (null)": (address) => ask(address, `${address.pathname}events`, { origin: "null" }),
    "a frame or an image of another site": (address) => ask(address, address.pathname, { "sec-fetch-site": "cross-site" }),
    "a page at another port of this host": (address) => ask(address, address.pathname, { "sec-fetch-site": "same-site" }),
    "a question without an origin": (address) => ask(address, `${address.pathname}want?ids=1`, {}, "POST"),
  };
  for (const [who, asking] of Object.entries(refused)) {
    test(`refuses ${who}`, () =>
      serving(async (address) => {
        const { status, body } = await asking(address);
        assert.equal(status, 403);
        assert.doesNotMatch(body, /page<|[\w-]{32}/, "it tells nothing");
      }));
  }

  test("has nothing but its files, and takes no other method", () =>
    serving(async (address) => {
      assert.equal((await ask(address, `${address.pathname}../package.json`)).status, 404);
      assert.equal((await ask(address, `${address.pathname}page.js`)).status, 404);
      assert.equal((await ask(address, address.pathname, { origin: address.origin }, "PUT")).status, 405);
    }));

  test("listens on 127.0.0.1, and on no other address of this machine", () =>
    serving(async ({ port }) => {
      const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []).filter(({ address, family }) => family === "IPv4" && address !== "127.0.0.1");
      for (const address of ["127.0.0.2", "::1", ...others.map(({ address }) => address)]) {
        const [error] = (await once(connect(Number(port), address), "error")) as [NodeJS.ErrnoException];
        assert.notEqual(error.code, undefined, address);
      }
    }));

  test("tells a page of the program, and of what it asks for", () =>
    serving(async (address, program) => {
      const wanted: number[] = [];
      program.want = (ids) => void wanted.push(...ids);
      program.batch({ at: 1, changes: [{ id: 1, name: "crawl", kind: "taskGroup" }], behind: 0, missed: 0, causes: [] });
      assert.equal((await ask(address, `${address.pathname}want?ids=1,x,2,-3,1e99`, { origin: address.origin }, "POST")).status, 204);
      assert.deepEqual(wanted, [1, 2]);
      const asked = request(new URL("events", address), { agent: false }).end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      assert.equal(response.headers["content-type"], "text/event-stream");
      const [chunk] = (await once(response, "data")) as [Buffer];
      const message = JSON.parse(String(chunk).replace(/^data: /, "")) as PageMessage;
      assert.deepEqual(message.batch.changes.map(({ name }) => name), ["crawl"]);
      asked.destroy();
    }));

  test("has so many pages and no more, and takes others when some have gone", () =>
    serving(async (address) => {
      const pages = [];
      for (let n = 0; n < 8; n++) {
        const asked = request(new URL("events", address), { agent: false }).end();
        const [response] = (await once(asked, "response")) as [IncomingMessage];
        assert.equal(response.statusCode, 200);
        pages.push(asked);
      }
      assert.equal((await ask(address, `${address.pathname}events`)).status, 503);
      pages[0]!.destroy();
      for (;;) {
        const asked = request(new URL("events", address), { agent: false }).end();
        const [response] = (await once(asked, "response")) as [IncomingMessage];
        asked.destroy();
        if (response.statusCode === 200) break;
      }
      for (const page of pages) page.destroy();
    }));
});
