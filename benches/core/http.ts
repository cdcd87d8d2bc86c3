/** The rows over real HTTP: measured by the command that users have too, `espalier bench http`. */
import { existsSync } from "node:fs";
import { fileOf, runJson } from "../child.ts";
import { quick } from "../measure.ts";
import { pairedRatio } from "../ratio.ts";
import { atMost, type Figure, type Missing, type Row } from "../row.ts";
import type { BenchReport, FailingRowFigures, FanOutRowFigures, MeasuredClient, MissingRow } from "../../src/cli/bench/http/report/bench-report.ts";

const command = fileOf("../../dist/cli/main.js", import.meta.url);
const rounds = quick ? 1 : 31;

export const row: Row = {
  async measure() {
    if (!existsSync(command)) return [{ what: "1,000 GETs", missing: "the command line is not built: npm run build" }];
    const report = await runJson<BenchReport>(process.execPath, [command, "bench", "http", "--json", "--server", "embedded", "--rounds", `${rounds}`]);
    return [
      ...on(report, "undici", (client) => [throughput(client, "taskGroup", 0.97), throughput(client, /^taskGroup, concurrency/)]),
      ...on(report, "fetch", (client) => [throughput(client, "taskGroup"), throughput(client, /^map, concurrency/, 1.2)]),
      ...on(report, "undici", failing),
      ...on(report, "fetch", failing),
    ];
  },
};

type Rows = readonly (FanOutRowFigures | FailingRowFigures | MissingRow)[];

function on({ clients }: BenchReport, name: string, figures: (client: MeasuredClient) => Figure[]): (Figure | Missing)[] {
  const client = clients.find((one) => one.client === name);
  if (client === undefined) return [{ what: `1,000 GETs, ${name}`, missing: "the report does not have this client" }];
  return "missing" in client ? [{ what: `1,000 GETs, ${name}`, missing: client.missing }] : figures(client);
}

function find<R extends Rows[number]>(rows: readonly R[], way: string | RegExp): Exclude<R, MissingRow> {
  const found = rows.find((row) => (typeof way === "string" ? row.way === way : way.test(row.way)));
  if (found === undefined || "missing" in found) throw new Error(`the report has no figures for ${way}`);
  return found as Exclude<R, MissingRow>;
}

/** Of throughput, so that more is better: their time ÷ our time. */
function throughput({ client, fanOut }: MeasuredClient, way: string | RegExp, limit?: number): Figure {
  const ours = find(fanOut, way);
  const beside = find(fanOut, "Promise.all");
  return {
    what: `1,000 GETs by ${client}, throughput`,
    items: 1_000,
    unit: "requests/s",
    ours: { name: ours.way, value: ours.requestsPerSecond },
    beside: { name: beside.way, value: beside.requestsPerSecond },
    ratio: pairedRatio(beside.rounds, ours.rounds),
    reach: limit === undefined ? undefined : { of: "ratio", bound: "at least", limit },
  };
}

/**
 * Where one fails: ours is over when the caller has the error. The platform's way gives the error at once and is over when
 * the last of the requests that it aborted has ended.
 */
function failing({ client, failing: rows }: MeasuredClient): Figure[] {
  const ours = find(rows, /^map, concurrency/);
  const beside = find(rows, /abort\(\)$/);
  const about = `one of 1,000 GETs by ${client} fails`;
  const until = (what: string, theirs: number): Figure => ({
    what: `${about}: until the caller has the error`,
    items: 1_000,
    unit: "ms",
    ours: { name: ours.way, value: ours.errorAfter.p50 },
    beside: { name: `${beside.way}, ${what}`, value: theirs },
    ratio: { median: ours.errorAfter.p50 / theirs, rounds: ours.errorAfter.count },
  });
  return [
    { ...until("all ended", beside.quietAfter.p50), reach: atMost(0.3) },
    until("error thrown", beside.errorAfter.p50),
    {
      what: `${about}: connections opened after it`,
      items: 1_000,
      unit: "connections",
      ours: { name: ours.way, value: ours.connectionsAfter.max },
      beside: { name: beside.way, value: beside.connectionsAfter.p50 },
      // By itself, fetch opens a connection anew for each request that was aborted on one, whoever aborts it.
      reach: client === "undici" ? { of: "amount", bound: "at most", limit: 0 } : undefined,
    },
  ];
}
