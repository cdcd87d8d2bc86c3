/**
 * What still runs after the error: all requests are held by the server except one, which fails when as many wait as the client has under
 * way. A moment after the caller has the error the others are answered. What is counted is counted by the server, from its answer to the one that
 * failed: who still came, and who was served all the same.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Counts } from "../../src/cli/bench/http/server/tally.ts";
import { Site } from "../../src/cli/bench/http/server/site.ts";
import { shuffled } from "../../src/cli/bench/http/statistics.ts";
import type { Line } from "../board.ts";
import { quantity } from "../board.ts";
import { type Entrant, quick, tellRound } from "../measure.ts";
import type { Row } from "../row.ts";
import type { System } from "../systems.ts";
import { node, type Runtime, Way } from "../way.ts";
import { askers, ways } from "./askers.ts";
import { connections, failing, type FailureAnswer, type FailureQuestion, requests } from "./question.ts";

export { ways };

const rounds = quick ? 1 : 5;
/** One after the other, for the time of the error; a look at whether it works has no time. */
const lanes = quick ? 4 : 1;

const columns = [
  { key: "served", head: "served all the same" },
  { key: "sent", head: "sent after the failure" },
  { key: "aborted", head: "aborted" },
  { key: "never", head: "never sent" },
  { key: "connections", head: "connections opened after" },
  { key: "error", head: "until the caller has the error", unit: "ms" },
] as const;

interface Run {
  readonly counts: Counts;
  readonly errorAfter: number;
}

export const row: Row = {
  async measure() {
    const all = askers({ kind: "failure", url: "", requests, connections });
    const systems = quick ? all.filter((_, place) => place % 2 === 0) : all;
    const runs = new Map<System, Run[] | string>(systems.map((system) => [system, "missing" in system.entrant ? system.entrant.missing : []]));
    for (let round = 0; round < rounds; round++) {
      tellRound(round, rounds);
      const waiting = shuffled(systems);
      const lane = async (): Promise<void> => {
        for (let system = waiting.pop(); system !== undefined; system = waiting.pop()) await runOnce(system, runs);
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    }
    const hundred = connections.toLocaleString("en");
    return [
      {
        board: "What still runs after the error",
        about: `${requests.toLocaleString("en")} requests at once, ${hundred} of them under way (by fetch without a limit all), one fails: what became of the others, counted by the server.`,
        columns,
        lines: systems.map((system) => lineOf(system, runs.get(system)!)),
        plot: { kind: "parts", columns: ["never", "aborted", "served"], label: "requests" },
        notes: [
          "The program goes on after the error, as a server does. Promise.allSettled and gather with return_exceptions are not here: they tell their caller of a failure when all the others have ended.",
          "The time of the error is from the client's own word of it; the others are held meanwhile, so who waits for them without ending them would wait for ever: nobody here does.",
        ],
      },
    ];
  },
};

async function runOnce(system: System, runs: Map<System, Run[] | string>): Promise<void> {
  const known = runs.get(system);
  if (typeof known !== "object" || "missing" in system.entrant) return;
  try {
    known.push(await failOnce(system.entrant));
  } catch (error) {
    runs.set(system, error instanceof Error ? error.message : String(error));
  }
}

/** On a site of its own and in a process of its own: nothing is left of the run before. */
async function failOnce({ name, way: wayName = name, runtime = node, about }: Entrant): Promise<Run> {
  const question = about as FailureQuestion;
  const whenInFlight = Math.min(requests, isUnlimited(wayName) ? limitOf(runtime) : connections);
  const site = await Site.open({ failure: { request: failing, whenInFlight } });
  const way = new Way(import.meta.url, wayName, runtime);
  try {
    const { errorAfter } = await way.sample<FailureAnswer>({ ...question, url: site.url });
    // They would have taken that much longer: some clients close their connections in a thread of its own.
    await wait(50);
    await site.release();
    await way.sample<null>({ kind: "quiet" });
    await site.quiet(false);
    return { counts: site.counts(), errorAfter };
  } finally {
    way.close();
    await site.close();
  }
}

/** Bun has so many requests under way at most, unless its environment says otherwise. */
const limitOf = ({ name }: Runtime): number => (name.startsWith("Bun") ? 256 : Infinity);

/** fetch opens a connection for each, unless the way has a limit. */
const isUnlimited = (way: string): boolean => way.startsWith("fetch") && !way.endsWith("limited");

function lineOf({ system, family, on }: System, runs: readonly Run[] | string): Line {
  if (typeof runs === "string") return { system, family, on, cells: {}, missing: runs };
  const of = (value: (run: Run) => number) => quantity(runs.map(value));
  return {
    system,
    family,
    on,
    cells: {
      served: of(({ counts }) => counts.requests.finishedAfter),
      sent: of(({ counts }) => counts.requests.startedAfter),
      aborted: of(({ counts }) => counts.requests.aborted),
      never: of(({ counts }) => requests - counts.requests.started),
      connections: of(({ counts }) => counts.connections.openedAfter),
      error: of(({ errorAfter }) => errorAfter),
    },
  };
}
