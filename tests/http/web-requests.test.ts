/** What a handler of web Requests answers, without a server around it. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { moveOnAfter, type Scope } from "espalier";
import { HttpService, webHandler } from "espalier/http";
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
