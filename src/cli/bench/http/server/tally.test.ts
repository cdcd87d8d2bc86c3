import assert from "node:assert/strict";
import { test } from "node:test";
import { Tally } from "./tally.ts";

test("Tally counts a request as started, then as either finished or aborted", () => {
  const tally = new Tally();
  for (let i = 0; i < 3; i++) tally.requestStarted();
  tally.requestFinished();
  tally.requestAborted();
  assert.deepEqual(tally.counts().requests, { started: 3, startedAfter: 0, finished: 1, finishedAfter: 0, aborted: 1, inFlight: 1 });
});

test("Tally keeps apart what came after the failure, and takes the failing request out of flight", () => {
  const tally = new Tally();
  tally.connectionOpened();
  tally.requestStarted();
  tally.requestStarted();
  tally.failureSent();
  tally.connectionOpened();
  tally.requestStarted();
  tally.requestFinished();
  tally.requestFinished();
  const { connections, requests, failed } = tally.counts();
  assert.deepEqual(requests, { started: 3, startedAfter: 1, finished: 2, finishedAfter: 2, aborted: 0, inFlight: 0 });
  assert.deepEqual(connections, { opened: 2, openedAfter: 1, open: 2, peak: 2 });
  assert.equal(failed, true);
});

test("Tally remembers the most connections that were open at once", () => {
  const tally = new Tally();
  tally.connectionOpened();
  tally.connectionOpened();
  tally.connectionClosed();
  tally.connectionClosed();
  tally.connectionOpened();
  assert.deepEqual(tally.counts().connections, { opened: 3, openedAfter: 0, open: 1, peak: 2 });
});

test("Tally gives counts that later events do not change", () => {
  const tally = new Tally();
  const before = tally.counts();
  tally.requestStarted();
  assert.equal(before.requests.started, 0);
});
