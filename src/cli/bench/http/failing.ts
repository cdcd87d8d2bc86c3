/**
 * The failing run: every request is slow except one, and that one fails while the others are under way.
 *
 * What is counted is counted at our own server, from the moment it answered the failing request: who still came, who
 * was served to the end, who connected. The answers of the siblings are held until the caller has its error, so "slow"
 * needs no clock. Then who is left is answered, and the counts are read when nothing can come any more.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Scope, TimeoutError } from "espalier";
import { type Client, HttpError, type Pool } from "./clients.ts";
import { CommandError } from "../../failure.ts";
import type { OnStep } from "./fan-out.ts";
import { explainFailure } from "./request-failure.ts";
import type { BenchServer } from "./server/bench-server.ts";
import type { Counts } from "./server/tally.ts";
import { shuffled } from "./statistics.ts";
import { itemAddresses } from "./target.ts";
import type { Begun, Way } from "./ways/way.ts";

export interface FailingWorkload {
  readonly server: BenchServer;
  readonly clients: readonly Client[];
  readonly ways: readonly Way[];
  readonly requests: number;
  readonly connections: number;
  readonly warmUps: number;
  readonly rounds: number;
}

/** One failing run of one way. Times are in ms from the failure, as the client's promise told it. */
export interface FailingRun {
  readonly errorAfter: number;
  readonly quietAfter: number;
  readonly counts: Counts;
}

export interface FailingFigures {
  readonly client: Client;
  readonly way: Way;
  readonly runs: FailingRun[];
}

/** Longer than any healthy run: what hangs must become an error. */
const patience = 60_000;

export async function measureFailing(workload: FailingWorkload, scope: Scope, onStep: OnStep): Promise<FailingFigures[]> {
  const figures = workload.clients.flatMap((client) => workload.ways.map((way): FailingFigures => ({ client, way, runs: [] })));
  for (let round = 1 - workload.warmUps; round <= workload.rounds; round++) {
    for (const figure of shuffled(figures)) {
      onStep({ round, client: figure.client.name, way: figure.way.name });
      const run = await failOnceInTime(workload, figure, scope);
      if (round >= 1) figure.runs.push(run);
    }
  }
  return figures;
}

async function failOnceInTime(workload: FailingWorkload, figure: FailingFigures, scope: Scope): Promise<FailingRun> {
  try {
    return await scope.failAfter(patience, (limited) => failOnce(workload, figure, limited));
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new CommandError(
      `the failing run of ${figure.way.name} with ${figure.client.name} had not ended after ${patience / 1000} s`,
      "A connection may have been lost: run it again, with fewer --requests if it stays so.",
      { cause: error },
    );
  }
}

async function failOnce({ server, requests, connections }: FailingWorkload, { client, way }: FailingFigures, scope: Scope): Promise<FailingRun> {
  const whenInFlight = Math.min(way.inHand(requests, connections), client.connectionLimit(connections), requests);
  // Among the first in every way: the requests that are under way when it fails are the same ones.
  const request = Math.floor(Math.min(requests, connections) / 2);
  const site = await server.open({ failure: { request, whenInFlight } }, scope);
  const pool = client.open(connections);
  const onCancel = scope.onCancel(() => pool.destroy());
  try {
    const noticing = noticeFailure(pool);
    const begun = way.begin({ addresses: itemAddresses(site.url, requests), get: noticing.get, limit: connections, scope });
    const quietAt = begun.quiet().then(() => performance.now());
    await rejection(begun, way);
    const erroredAt = performance.now();
    scope.throwIfCancelled();
    // Where nothing is left there is nobody to be answered.
    const isQuiet = await Promise.race([quietAt.then(() => true), nextTurn(false)]);
    if (!isQuiet) await site.release(scope);
    const quietAfter = (await quietAt) - noticing.failedAt();
    const counts = await site.quiet(await pool.close(), scope);
    await site.close(scope);
    return { errorAfter: erroredAt - noticing.failedAt(), quietAfter, counts };
  } catch (error) {
    scope.throwIfCancelled();
    throw explainFailure(error, { doing: `the failing run of ${way.name} with ${client.name}`, asked: { kind: "embedded", about: site.url } });
  } finally {
    onCancel[Symbol.dispose]();
    pool.destroy();
  }
}

/** Keeps the moment at which the client's own promise told of the failure, and any other error that came before it. */
function noticeFailure(pool: Pool): { readonly get: Pool["get"]; failedAt(): number } {
  let failedAt: number | undefined;
  let earlier: unknown;
  return {
    async get(address, cancellable) {
      try {
        return await pool.get(address, cancellable);
      } catch (error) {
        if (failedAt === undefined && error instanceof HttpError) failedAt = performance.now();
        else if (failedAt === undefined) earlier ??= error;
        throw error;
      }
    },
    failedAt() {
      if (failedAt === undefined) throw earlier;
      return failedAt;
    },
  };
}

async function rejection(begun: Begun, way: Way): Promise<void> {
  try {
    await begun.result;
  } catch {
    return;
  }
  throw new CommandError(`${way.name} succeeded although one of its requests failed`, "A way that hides a failure cannot be compared: please report it.");
}
