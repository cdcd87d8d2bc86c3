/**
 * One run of the benchmark, from the server's start to its end. Everything it begins, the server's process too,
 * belongs to one group: it ends with the report, with the first failure, or with Ctrl-C.
 */
import type { Scope } from "espalier";
import type { CommandContext } from "../../program.ts";
import { startProgress } from "../../progress.ts";
import { type Client, clientNames, openClients } from "./clients.ts";
import { measureFailing } from "./failing.ts";
import { measureFanOut } from "./fan-out.ts";
import { describeMachine } from "./machine.ts";
import type { BenchHttpOptions } from "./options.ts";
import { type BenchReport, reportClient } from "./report/bench-report.ts";
import { explainFailure } from "./request-failure.ts";
import type { BenchServer } from "./server/bench-server.ts";
import { superviseServer } from "./server/supervise.ts";
import { type Target, chooseTarget } from "./target.ts";
import { espalierWays } from "./ways/espalier.ts";
import { pLimitWay } from "./ways/p-limit.ts";
import { promiseAll, promiseAllAborting, promiseAllSettled } from "./ways/platform.ts";
import type { MissingWay, Part, Way } from "./ways/way.ts";

const warmUps = 2;
const failingWarmUps = 1;

export function benchmark(options: BenchHttpOptions, context: CommandContext, scope: Scope): Promise<BenchReport> {
  const launch = { entry: context.entry, nginx: options.url === undefined && options.server !== "embedded" };
  return scope.group(
    async (group) => {
      const { started: server } = await group.start(
        (own, started: (server: BenchServer) => void) => superviseServer(launch, own, started),
        group,
        { daemon: true, name: "http server" },
      );
      return await measure(options, server, context, group);
    },
    { name: "bench http", errors: "first" },
  );
}

async function measure(options: BenchHttpOptions, server: BenchServer, { terminal, version }: CommandContext, scope: Scope): Promise<BenchReport> {
  const { requests, connections, rounds } = options;
  const failingRounds = Math.ceil(rounds / 4);
  const machine = describeMachine();
  const target = chooseTarget(options, server);
  const named = await openClients(options.client === "both" ? clientNames : [options.client]);
  const clients = named.filter((client): client is Client => !("missing" in client));
  const pLimit = await pLimitWay(connections);
  const ways: (Way | MissingWay)[] = [promiseAll, promiseAllAborting, promiseAllSettled, pLimit.way, ...espalierWays(connections)];
  const fanOutWays = present(ways, "fan-out");
  const failingWays = present(ways, "failing");
  await probe(target, clients, scope);

  const steps = clients.length * (fanOutWays.length * (warmUps + rounds) + failingWays.length * (failingWarmUps + failingRounds));
  const progress = startProgress(steps, terminal);
  try {
    const fanOut = await measureFanOut({ clients, ways: fanOutWays, target, requests, connections, warmUps, rounds }, scope, ({ round, client, way }) =>
      progress.step("fan-out", `${roundName(round, rounds)} · ${client} · ${way}`),
    );
    const failing = await measureFailing({ server, clients, ways: failingWays, requests, connections, warmUps: failingWarmUps, rounds: failingRounds }, scope, ({ round, client, way }) =>
      progress.step("failing run", `${roundName(round, failingRounds)} · ${client} · ${way}`),
    );
    return {
      espalier: version,
      machine,
      workload: {
        requests,
        bytes: target.bytes ?? null,
        connections,
        rounds,
        warmUps,
        failingRounds,
        failingWarmUps,
        server: target.about,
        failingServer: "our own server (node:http)",
        pLimit: pLimit.version ?? null,
      },
      clients: named.map((client) => reportClient(client, { ways, fanOut, failing })),
    };
  } finally {
    progress.done();
  }
}

function present(ways: readonly (Way | MissingWay)[], part: Part): Way[] {
  return ways.filter((way): way is Way => !("missing" in way) && way.parts.includes(part));
}

function roundName(round: number, rounds: number): string {
  return round < 1 ? "warm-up" : `round ${round} of ${rounds}`;
}

/** One request before a thousand: what cannot be reached is told before anything is measured. */
async function probe(target: Target, clients: readonly Client[], scope: Scope): Promise<void> {
  for (const client of clients) {
    const { addresses, close } = await target.open(1, scope);
    const pool = client.open(1);
    try {
      await scope.failAfter(10_000, (limited) => pool.get(addresses[0] as string, limited));
      await close(scope);
    } catch (error) {
      scope.throwIfCancelled();
      throw explainFailure(error, { doing: `a first GET by ${client.name}`, asked: target });
    } finally {
      pool.destroy();
    }
  }
}
