import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type ClientRequest, type IncomingMessage, get } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { Site, type SitePlan, bodyBytes } from "./site.ts";

/** A site and a client that opens a connection for each request; both are gone after the test. */
async function open(t: TestContext, plan?: SitePlan): Promise<{ site: Site; ask(item: number): ClientRequest }> {
  const site = await Site.open(plan);
  const agent = new Agent();
  t.after(() => {
    agent.destroy();
    return site.close();
  });
  return { site, ask: (item) => get(`${site.url}/item/${item}`, { agent }) };
}

async function answerOf(request: ClientRequest): Promise<{ status: number | undefined; bytes: number }> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, bytes: (await buffer(response)).byteLength };
}

test("a site without a failure answers at once with the body of 1 KB", async (t) => {
  const { site, ask } = await open(t);
  assert.deepEqual(await answerOf(ask(0)), { status: 200, bytes: bodyBytes });
  await site.quiet(false);
  assert.equal(site.counts().requests.finished, 1);
});

test("a site holds its answers until the failing request and enough others are waiting, and fails that one only", async (t) => {
  const { site, ask } = await open(t, { failure: { request: 1, whenInFlight: 3 } });
  const siblings = [answerOf(ask(0))];
  const failing = answerOf(ask(1));
  assert.equal(site.counts().failed, false);
  siblings.push(answerOf(ask(2)));
  assert.equal((await failing).status, 500);
  assert.deepEqual(site.counts().requests, { started: 3, startedAfter: 0, finished: 0, finishedAfter: 0, aborted: 0, inFlight: 2 });
  await site.release();
  assert.deepEqual(await Promise.all(siblings), [{ status: 200, bytes: bodyBytes }, { status: 200, bytes: bodyBytes }]);
  await site.quiet(false);
  assert.deepEqual(site.counts().requests, { started: 3, startedAfter: 0, finished: 2, finishedAfter: 2, aborted: 0, inFlight: 0 });
});

test("a site counts the requests and connections that come after the failure, and answers them once released", async (t) => {
  const { site, ask } = await open(t, { failure: { request: 0, whenInFlight: 1 } });
  assert.equal((await answerOf(ask(0))).status, 500);
  await site.release();
  assert.equal((await answerOf(ask(1))).status, 200);
  await site.quiet(false);
  const { requests, connections } = site.counts();
  assert.deepEqual([requests.startedAfter, requests.finishedAfter], [1, 1]);
  assert.deepEqual([connections.opened, connections.openedAfter], [2, 1]);
});

test("a site counts a request whose client goes away as aborted, and answers it no more", async (t) => {
  const { site, ask } = await open(t, { failure: { request: 1, whenInFlight: 2 } });
  const leaving = ask(0);
  leaving.on("error", () => {});
  assert.equal((await answerOf(ask(1))).status, 500);
  leaving.destroy();
  await site.quiet(false);
  await site.release();
  assert.deepEqual(site.counts().requests, { started: 2, startedAfter: 0, finished: 0, finishedAfter: 0, aborted: 1, inFlight: 0 });
});

test("quiet() waits for a connection that was made before it, and counts none of its own", async (t) => {
  const { site } = await open(t);
  const sockets = Array.from({ length: 20 }, () => connect(Number(new URL(site.url).port), "127.0.0.1"));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  await site.quiet(false);
  assert.equal(site.counts().connections.opened, 20);
  for (const socket of sockets) socket.destroy();
  await site.quiet(true);
  assert.deepEqual(site.counts().connections, { opened: 20, openedAfter: 0, open: 0, peak: 20 });
});
