import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { plainColours } from "../../../terminal.ts";
import type { Summary } from "../statistics.ts";
import type { BenchReport, FailingRowFigures, FanOutRowFigures, MeasuredClient } from "./bench-report.ts";
import { renderReport } from "./text.ts";

const always = (value: number): Summary => ({ count: 3, min: value, p50: value, p99: value, max: value });

function fanOutRow(way: string, ours: boolean, ratio: number, connections: number | null): FanOutRowFigures {
  return {
    way,
    ours,
    batch: always(123_456 / ratio),
    requestsPerSecond: 123_456 * ratio,
    ratio: { median: ratio, lowerQuartile: ratio - 0.05, upperQuartile: ratio + 0.05, rounds: 12 },
    connections,
    rounds: [1],
  };
}

function failingRow(way: string, ours: boolean, started: number, finished: number, connected: number, aborted: number): FailingRowFigures {
  return {
    way,
    ours,
    errorAfter: { ...always(12_345), min: 10_000, max: 99_999 },
    quietAfter: always(56_789),
    startedAfter: always(started),
    finishedAfter: always(finished),
    aborted: always(aborted),
    connections: { ...always(connected), min: 99_000, max: 99_999 },
    connectionsAfter: always(connected),
  };
}

const undici: MeasuredClient = {
  client: "undici",
  source: "undici 8.12.4, request() with an Agent",
  fanOut: [
    fanOutRow("Promise.all", false, 1, 100),
    { way: "p-limit(10000)", missing: `installed, but cannot be loaded here (${"a very long reason ".repeat(10)})` },
    fanOutRow("taskGroup, concurrency 10000", true, 0.9, null),
    fanOutRow("map, concurrency 10000", true, 1.3, 100),
  ],
  failing: [
    failingRow("Promise.all", false, 900, 999, 0, 0),
    failingRow("Promise.all + abort()", false, 0, 0, 900, 99),
    failingRow("taskGroup, concurrency 10000", true, 0, 0, 0, 99),
    failingRow("map, concurrency 10000", true, 0, 0, 0, 99),
  ],
};

const report: BenchReport = {
  espalier: "1.0.0",
  machine: { date: "2026-11-22", cpu: "A Processor With A Very Long Name @ 3.50GHz", cores: 2, system: "linux 6.1.0", runtime: "Node.js 26.10.0", load: 0.5 },
  workload: {
    requests: 100_000,
    bytes: 1024,
    connections: 10_000,
    rounds: 12,
    warmUps: 2,
    failingRounds: 3,
    failingWarmUps: 1,
    server: "node:http, in a process of its own",
    failingServer: "our own server (node:http)",
    pLimit: "7.3.3",
  },
  clients: [{ client: "fetch", missing: "not there" }, undici],
};

test("the report fits 100 columns, and is plain without colours", () => {
  const text = renderReport(report, plainColours);
  const tooLong = text.split("\n").filter((line) => line.length > 100);
  assert.deepEqual(tooLong, []);
  assert.ok(!text.includes("\u001b"));
  assert.ok(renderReport(report, pc.createColors(true)).includes("\u001b["));
});

test("the report has a row for each way in both parts, and says what is missing in place of figures", () => {
  const lines = renderReport(report, plainColours).split("\n");
  const starting = (start: string): string[] => lines.filter((line) => line.startsWith(start));
  assert.equal(starting("map, concurrency").length, 2);
  assert.equal(starting("Promise.all + abort()").length, 1);
  assert.match(starting("p-limit")[0] ?? "", /installed, but cannot be loaded here/);
  assert.equal(lines[lines.indexOf("fetch") + 1], "not there");
  assert.match(starting("taskGroup")[0] ?? "", /0\.90 +0\.85–0\.95 +not counted$/);
});

test("the report states workload, machine and rounds", () => {
  const text = renderReport(report, plainColours).replaceAll("\n", " ");
  for (const fact of ["100,000 GETs of 1 KB", "A Processor With A Very Long Name", "2 cores", "load 0.5", "Node.js 26.10.0", "12 rounds after 2 to warm up", "median of 3 runs", "p-limit 7.3.3"]) {
    assert.ok(text.includes(fact), fact);
  }
});

test("the report warns of a machine that was busy before it began", () => {
  const busy = { ...report, machine: { ...report.machine, load: 5.5 } };
  assert.match(renderReport(busy, plainColours), /busy before this began \(load 5\.5 on 2 cores\)/);
  assert.doesNotMatch(renderReport(report, plainColours), /busy/);
});

test("the report claims nothing about the answers of a URL, nor about what was not measured", () => {
  const text = renderReport({ ...report, workload: { ...report.workload, bytes: null }, clients: [{ client: "undici", missing: "not installed: npm install undici" }] }, plainColours);
  assert.match(text, /^espalier 1\.0\.0 · 100,000 GETs at once\n/);
  assert.match(text, /\nundici\nnot installed: npm install undici\n$/);
});
