import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { type SiteInfo, openControl } from "./control.ts";
import type { Counts } from "./tally.ts";

async function open(t: TestContext): Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number; answer: unknown }>> {
  const { url, server } = await openControl();
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return async (method, path, body) => {
    const response = await fetch(url + path, { method, body: body === undefined ? null : JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  };
}

test("the control endpoint opens a site, tells its counts, and closes it", async (t) => {
  const call = await open(t);
  const { id, url } = (await call("POST", "/sites", {})).answer as SiteInfo;
  assert.equal((await (await fetch(`${url}/item/0`)).arrayBuffer()).byteLength, 1024);
  const counts = (await call("POST", `/sites/${id}/quiet`)).answer as Counts;
  assert.deepEqual([counts.requests.started, counts.requests.finished, counts.connections.opened], [1, 1, 1]);
  assert.deepEqual(((await call("DELETE", `/sites/${id}`)).answer as Counts).requests, counts.requests);
  await assert.rejects(fetch(`${url}/item/0`), TypeError);
});

test("the control endpoint lets the held answers of a site go out", async (t) => {
  const call = await open(t);
  const { id, url } = (await call("POST", "/sites", { failure: { request: 0, whenInFlight: 2 } })).answer as SiteInfo;
  const sibling = fetch(`${url}/item/1`);
  assert.equal((await fetch(`${url}/item/0`)).status, 500);
  await call("POST", `/sites/${id}/release`);
  assert.equal((await sibling).status, 200);
  await call("DELETE", `/sites/${id}`);
});

test("the control endpoint says what it does not have", async (t) => {
  const call = await open(t);
  assert.deepEqual(await call("POST", "/sites/7/release"), { status: 404, answer: { error: "no such resource: POST /sites/7/release" } });
  assert.equal((await call("GET", "/")).status, 404);
});
