/** What the tables show, in sentences: each is made from the figures of this run, and says so when they do not agree. */
import { isClear } from "../statistics.ts";
import type { BenchReport, FailingRowFigures, MeasuredClient, MissingRow } from "./bench-report.ts";
import { count, duration, range, times } from "./format.ts";

export function findings(report: BenchReport): string[] {
  const { requests, connections } = report.workload;
  return report.clients
    .filter((client): client is MeasuredClient => "fanOut" in client)
    .flatMap((client) => [limitMatters(client, requests, connections), failureEnds(client), queueIsOwned(client), abortReconnects(client)])
    .filter((text) => text !== undefined);
}

/** What bounding the fan-out did to its speed: `map` with concurrency against `Promise.all`. */
function limitMatters({ client, fanOut }: MeasuredClient, requests: number, limit: number): string | undefined {
  const bounded = figures(fanOut).find((row) => row.way.startsWith("map,"));
  if (bounded === undefined || limit >= requests) return undefined;
  const { median, rounds } = bounded.ratio;
  const subject = `${client}: a limit of ${count(limit)}`;
  if (rounds < 4) return `${client}: ${count(rounds)} measured ${rounds === 1 ? "round is" : "rounds are"} too few to compare speeds.`;
  if (!isClear(bounded.ratio)) return `${subject} made no clear difference to ${count(requests)} requests (${times(median)} times as fast).`;
  if (median < 1) return `${subject} made ${count(requests)} requests ${times(1 / median)} times as slow; what it buys shows when one fails.`;
  const connections = figures(fanOut).find((row) => row.way === "Promise.all")?.connections ?? 0;
  const why = bounded.connections !== null && bounded.connections < connections ? `, over ${count(bounded.connections)} connections instead of ${count(connections)}` : "";
  return `${subject} made ${count(requests)} requests ${times(median)} times as fast${why}.`;
}

function failureEnds({ client, failing }: MeasuredClient): string | undefined {
  const rows = figures(failing);
  const bare = rows.find((row) => row.way === "Promise.all");
  const ours = rows.filter((row) => row.ours);
  if (bare === undefined || ours.length === 0) return undefined;
  const most = (pick: (row: FailingRowFigures) => { readonly max: number }): string => count(Math.max(...ours.map((row) => pick(row).max)));
  return (
    `${client}: after Promise.all's error ${range(bare.startedAfter)} more requests were started and ${range(bare.finishedAfter)} siblings ran to their end; ` +
    `after espalier's ${most((row) => row.startedAfter)} and ${most((row) => row.finishedAfter)}.`
  );
}

/** Who keeps the requests that wait: the client, which has to refuse each, or the caller, which never hands them out. */
function queueIsOwned({ client, failing }: MeasuredClient): string | undefined {
  const rows = figures(failing);
  const bare = rows.find((row) => row.way === "Promise.all");
  const aborting = rows.find((row) => row.way === "Promise.all + abort()");
  const owned = rows.find((row) => row.way.startsWith("map,"));
  // Only a client that had requests waiting inside started some after the failure.
  if (bare === undefined || aborting === undefined || owned === undefined || bare.startedAfter.max === 0) return undefined;
  return (
    `${client}: aborting everything at once took ${duration(aborting.quietAfter.p50)} and opened ${range(aborting.connectionsAfter)} connections to refuse what waited inside; ` +
    `with the waiting done by the caller (concurrency) ${duration(owned.quietAfter.p50)} and ${range(owned.connectionsAfter)}.`
  );
}

/** A client that replaces each connection an abort closes shows it in every way that aborts: it is not the way's doing. */
function abortReconnects({ client, failing }: MeasuredClient): string | undefined {
  const aborting = figures(failing).filter((row) => row.aborted.max > 0);
  if (aborting.length === 0 || !aborting.every((row) => row.connectionsAfter.min >= row.aborted.min)) return undefined;
  return `${client}: opens a connection in the place of each one that an abort closes, whoever aborts; that is the client's doing.`;
}

function figures<R extends object>(rows: readonly R[]): Exclude<R, MissingRow>[] {
  return rows.filter((row): row is Exclude<R, MissingRow> => !("missing" in row));
}
