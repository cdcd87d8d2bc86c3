/**
 * What `--json` prints, and what the tables are drawn from: one shape, so that people and machines read the same figures.
 * Times are in ms. `missing` stands in the place of figures where something is not installed, and says how to install it.
 */
import type { Client, MissingClient } from "../clients.ts";
import type { FailingFigures } from "../failing.ts";
import type { FanOutFigures } from "../fan-out.ts";
import type { Machine } from "../machine.ts";
import { type Ratio, type Summary, pairedRatio, summarize } from "../statistics.ts";
import { promiseAll } from "../ways/platform.ts";
import type { MissingWay, Part, Way } from "../ways/way.ts";

export interface BenchReport {
  readonly espalier: string;
  readonly machine: Machine;
  readonly workload: {
    readonly requests: number;
    /** What every answer of the fan-out weighs; null for a URL of the user's. */
    readonly bytes: number | null;
    readonly connections: number;
    readonly rounds: number;
    readonly warmUps: number;
    readonly failingRounds: number;
    readonly failingWarmUps: number;
    readonly server: string;
    readonly failingServer: string;
    readonly pLimit: string | null;
  };
  readonly clients: readonly ClientReport[];
}

export type ClientReport =
  | { readonly client: string; readonly missing: string }
  | { readonly client: string; readonly source: string; readonly fanOut: readonly FanOutRow[]; readonly failing: readonly FailingRow[] };

export type MeasuredClient = Exclude<ClientReport, { readonly missing: string }>;

export type FanOutRow = FanOutRowFigures | MissingRow;
export type FailingRow = FailingRowFigures | MissingRow;

export interface MissingRow {
  readonly way: string;
  readonly missing: string;
}

export interface FanOutRowFigures {
  readonly way: string;
  readonly ours: boolean;
  readonly batch: Summary;
  readonly requestsPerSecond: number;
  readonly ratio: Ratio;
  /** Most connections open at once; null where the server could not count them. */
  readonly connections: number | null;
  readonly rounds: readonly number[];
}

export interface FailingRowFigures {
  readonly way: string;
  readonly ours: boolean;
  /** From the failure until the caller had the error. */
  readonly errorAfter: Summary;
  /** From the failure until nothing of the run was left; without structure, that is however slow the siblings are. */
  readonly quietAfter: Summary;
  readonly startedAfter: Summary;
  readonly finishedAfter: Summary;
  readonly aborted: Summary;
  readonly connections: Summary;
  readonly connectionsAfter: Summary;
}

export interface Measured {
  readonly ways: readonly (Way | MissingWay)[];
  readonly fanOut: readonly FanOutFigures[];
  readonly failing: readonly FailingFigures[];
}

export function reportClient(client: Client | MissingClient, measured: Measured): ClientReport {
  if ("missing" in client) return { client: client.name, missing: client.missing };
  return {
    client: client.name,
    source: client.source,
    fanOut: rows(measured.ways, "fan-out", (way) => fanOutRow(measured.fanOut, client, way)),
    failing: rows(measured.ways, "failing", (way) => failingRow(measured.failing, client, way)),
  };
}

function rows<R>(ways: Measured["ways"], part: Part, row: (way: Way) => R): (R | MissingRow)[] {
  return ways
    .filter((way) => way.parts.includes(part))
    .map((way) => ("missing" in way ? { way: way.name, missing: way.missing } : row(way)));
}

function find<F extends { readonly client: Client; readonly way: Way }>(figures: readonly F[], client: Client, way: Way): F {
  const found = figures.find((figure) => figure.client === client && figure.way === way);
  if (found === undefined) throw new Error(`nothing was measured for ${way.name} with ${client.name}`);
  return found;
}

function fanOutRow(figures: readonly FanOutFigures[], client: Client, way: Way): FanOutRowFigures {
  const { milliseconds, connections, requests } = find(figures, client, way);
  const batch = summarize(milliseconds);
  return {
    way: way.name,
    ours: way.ours,
    batch,
    requestsPerSecond: Math.round(requests / (batch.p50 / 1000)),
    ratio: pairedRatio(find(figures, client, promiseAll).milliseconds, milliseconds),
    connections: connections.length === 0 ? null : Math.max(...connections),
    rounds: milliseconds,
  };
}

function failingRow(figures: readonly FailingFigures[], client: Client, way: Way): FailingRowFigures {
  const { runs } = find(figures, client, way);
  return {
    way: way.name,
    ours: way.ours,
    errorAfter: summarize(runs.map((run) => run.errorAfter)),
    quietAfter: summarize(runs.map((run) => run.quietAfter)),
    startedAfter: summarize(runs.map((run) => run.counts.requests.startedAfter)),
    finishedAfter: summarize(runs.map((run) => run.counts.requests.finishedAfter)),
    aborted: summarize(runs.map((run) => run.counts.requests.aborted)),
    connections: summarize(runs.map((run) => run.counts.connections.opened)),
    connectionsAfter: summarize(runs.map((run) => run.counts.connections.openedAfter)),
  };
}
