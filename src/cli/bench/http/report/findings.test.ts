import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ratio, Summary } from "../statistics.ts";
import type { BenchReport, FailingRow, FanOutRow } from "./bench-report.ts";
import { findings } from "./findings.ts";

const always = (value: number): Summary => ({ count: 3, min: value, p50: value, p99: value, max: value });

function mapRow(ratio: Ratio, connections = 100): FanOutRow {
  return { way: "map, concurrency 100", ours: true, batch: always(100), requestsPerSecond: 10_000, ratio, connections, rounds: [] };
}

function failingRow(way: string, ours: boolean, figures: { started?: number; finished?: number; aborted?: number; connected?: number; quiet?: number }): FailingRow {
  const { started = 0, finished = 0, aborted = 0, connected = 0, quiet = 1 } = figures;
  return {
    way,
    ours,
    errorAfter: always(1),
    quietAfter: always(quiet),
    startedAfter: always(started),
    finishedAfter: always(finished),
    aborted: always(aborted),
    connections: always(100),
    connectionsAfter: always(connected),
  };
}

function found(fanOut: readonly FanOutRow[], failing: readonly FailingRow[], client = "undici"): string[] {
  const workload = { requests: 1_000, connections: 100 };
  return findings({ workload, clients: [{ client, source: "", fanOut, failing }] } as unknown as BenchReport);
}

const faster: Ratio = { median: 1.3, lowerQuartile: 1.2, upperQuartile: 1.4, rounds: 12 };

test("findings tell how much faster a limit is, with the connections it saved", () => {
  const all = { ...mapRow({ median: 1, lowerQuartile: 1, upperQuartile: 1, rounds: 12 }, 1_000), way: "Promise.all" };
  assert.deepEqual(found([all, mapRow(faster)], []), ["undici: a limit of 100 made 1,000 requests 1.30 times as fast, over 100 connections instead of 1,000."]);
});

test("findings tell when a limit is slower, when nothing is clear, and when the rounds are too few", () => {
  assert.match(found([mapRow({ median: 0.8, lowerQuartile: 0.7, upperQuartile: 0.9, rounds: 12 })], [])[0] ?? "", /1\.25 times as slow/);
  assert.match(found([mapRow({ ...faster, lowerQuartile: 0.9 })], [])[0] ?? "", /no clear difference/);
  assert.match(found([mapRow({ ...faster, rounds: 1 })], [])[0] ?? "", /1 measured round is too few/);
});

test("findings compare what went on after the failure, with the worst of espalier's own ways", () => {
  const rows = [
    failingRow("Promise.all", false, { started: 900, finished: 999 }),
    failingRow("taskGroup", true, { started: 0, finished: 0 }),
    failingRow("all", true, { started: 2, finished: 1 }),
  ];
  assert.deepEqual(found([], rows), ["undici: after Promise.all's error 900 more requests were started and 999 siblings ran to their end; after espalier's 2 and 1."]);
});

test("findings tell what it costs to leave the waiting to the client", () => {
  const rows = [
    failingRow("Promise.all", false, { started: 900, finished: 999 }),
    failingRow("Promise.all + abort()", false, { connected: 900, aborted: 99, quiet: 120 }),
    failingRow("map, concurrency 100", true, { aborted: 99, quiet: 6 }),
  ];
  assert.match(found([], rows)[1] ?? "", /took 120 ms and opened 900 connections.*by the caller \(concurrency\) 6\.0 ms and 0\.$/);
});

test("findings say of a client that replaces aborted connections that it is the client's doing", () => {
  const rows = [failingRow("Promise.all + abort()", false, { connected: 999, aborted: 999 }), failingRow("map, concurrency 100", true, { connected: 99, aborted: 99 })];
  assert.match(found([], rows, "fetch")[0] ?? "", /^fetch: opens a connection in the place of each one that an abort closes/);
});

test("findings say nothing of what was not measured", () => {
  assert.deepEqual(found([{ way: "p-limit(100)", missing: "not installed" }], []), []);
});
