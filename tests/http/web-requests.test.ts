/** What a handler of web Requests answers, without a server around it. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { moveOnAfter, type Scope } from "espalier";
import { HttpService, RequestError, webHandler } from "espalier/http";
import { isA, quiet, scenario, thrownBy } from "../conformance/case.ts";

const request = (): Request => new Request("http://localhost/");

/** Runs `body` while a service that has begun to end still answers. */
async function draining(body: (service: HttpService) => Promise<void>): Promise<void> {
  const service = new HttpService({ drain: 60_000 });
  await moveOnAfter(Infinity, async (scope) => {
    const serving = service.serve({ stop() {}, close() {} }, scope);
    await service.request(async (group: Scope) => {
      scope.cancel();
      while (service.statistics().state !== "draining") await quiet();
      await group.shield(() => body(service));
    });
    await serving;
  });
}

describe("an answer that was begun", () => {
  const begin = (respond: (response: Response) => void): WritableStreamDefaultWriter<Uint8Array> => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    respond(new Response(readable, { status: 201, headers: { "x-kept": "yes" } }));
    return writable.getWriter();
  };
  const first = new TextEncoder().encode("first");

  scenario("is whole where its handler gives its end, however late that is read", async () => {
    const handler = webHandler(new HttpService(), async (_request, _group, respond) => {
      const writer = begin(respond);
      await writer.write(first);
      await writer.close();
    });
    const response = await handler(request());
    assert.deepEqual([response.status, response.headers.get("x-kept")], [201, "yes"]);
    assert.equal(await response.text(), "first");
  });

  for (const end of ["deadline", "failure"] as const) {
    scenario(`is cut by ${end}: its reader is told`, async () => {
      const E = new Error("E");
      const told: unknown[] = [];
      const options = { deadline: end === "deadline" ? 10 : Infinity, onError: (error: unknown) => void told.push(error) };
      const handler = webHandler(new HttpService(), async (_request, group, respond) => {
        await begin(respond).write(first);
        if (end === "failure") throw E;
        await group.wait(new Promise(() => {}));
      }, options);
      const error = await thrownBy((await handler(request())).text());
      if (end === "deadline") assert.equal(isA(error, RequestError).code, "DEADLINE");
      else assert.equal(error, E);
      assert.deepEqual(told, end === "failure" ? [E] : []);
    });
  }

  scenario("without a body stays what it is", async () => {
    const handler = webHandler(new HttpService(), async (_request, _group, respond) => respond(new Response(null, { status: 204 })));
    assert.equal((await handler(request())).status, 204);
  });
});

describe("an answer at the end of a service", () => {
  scenario("that only the platform can make is given as it is", () =>
    draining(async (service) => {
      const made = Response.error();
      assert.equal(await webHandler(service, () => made)(request()), made);
    }));

  scenario("of another server, whose headers are fixed, is the last one on its connection, too", () =>
    draining(async (service) => {
      const made = Response.redirect("http://localhost/elsewhere");
      const { status, headers } = await webHandler(service, () => made)(request());
      assert.deepEqual([status, headers.get("location"), headers.get("connection")], [302, "http://localhost/elsewhere", "close"]);
    }));

  scenario("of another server, that somebody has read, is a failure that the server gets", () =>
    draining(async (service) => {
      const made = await fetch("data:text/plain,read");
      await made.text();
      isA(await thrownBy(webHandler(service, () => made)(request())), TypeError);
    }));
});
