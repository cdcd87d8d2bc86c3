/** How fast 1,000 GETs at once are, by all clients and ways. */
import { spawnSync } from "node:child_process";
import { percentile } from "../../src/cli/bench/http/statistics.ts";
import { type Line, quantity } from "../board.ts";
import { fileOf } from "../child.ts";
import { guideHttp, guideHttpNote, guideMachine } from "../guide.ts";
import { type Measured, quick } from "../measure.ts";
import { median } from "../ratio.ts";
import type { Row } from "../row.ts";
import { linesOf, type System } from "../systems.ts";
import { askers, ways } from "./askers.ts";
import { openOrigin } from "./origin.ts";
import { type BatchAnswer, type BatchQuestion, connections, requests } from "./question.ts";

export { ways };

const columns = [
  { key: "throughput", head: "requests/s" },
  { key: "share", head: "of wrk's" },
  { key: "batchP50", head: "batch P50", unit: "ms" },
  { key: "batchP99", head: "batch P99", unit: "ms" },
  { key: "requestP50", head: "request P50", unit: "ms" },
  { key: "requestP99", head: "request P99", unit: "ms" },
  { key: "cpu", head: "CPU a batch", unit: "ms" },
  { key: "memory", head: "memory at most", unit: "MB" },
] as const;

const about = `${requests.toLocaleString("en")} GETs of 1 KB at once, over ${connections} connections that are open already; by fetch, which has no such limit, over as many as there are requests.`;

/** What the machine can do: the server's limit, by a client in C that does nothing else. */
function wrk(question: BatchQuestion): System {
  const { error } = spawnSync("wrk", ["--version"]);
  const runtime = { name: "wrk", command: process.execPath, args: [], program: fileOf("wrk.ts", import.meta.url) };
  const entrant = error === undefined ? { name: limit, runtime, about: { ...question, ms: quick ? 1 : 1_000 } } : { missing: "wrk is not installed (Debian: apt-get install wrk)" };
  return { system: "wrk, one thread", family: "limit", on: "C", entrant };
}

const limit = "wrk";

export const row: Row = {
  async measure() {
    const origin = await openOrigin();
    try {
      const question: BatchQuestion = { kind: "batch", url: origin.url, requests, connections, ms: quick ? 1 : 300 };
      const systems = [wrk(question), ...askers(question)];
      const lines = await linesOf<BatchAnswer>(import.meta.url, systems, cellsOf, { warmUps: 1, rounds: 15, fewest: 9, budget: 720_000 });
      return [
        {
          board: "A batch of GETs",
          about: `${about} From ${origin.about}, on the same machine.`,
          columns,
          lines: [...lines, ...guideHttp],
          plot: { kind: "bars", column: "throughput", better: "more", label: "requests/s" },
          notes: [
            ...(origin.note === undefined ? [] : [origin.note]),
            "The client is what decides, not the way of joining: the same ways by a client beside each other tell what a way costs.",
            "httpx gets a client anew for each sample: one that lives long flips between two speeds.",
            `${guideHttpNote} Measured on ${guideMachine}.`,
          ],
        },
      ];
    } finally {
      origin.close();
    }
  },
};

function cellsOf({ amounts, peak }: Measured<BatchAnswer>, all: ReadonlyMap<string, Measured<BatchAnswer>>): Line["cells"] {
  const batches = amounts.flatMap((one) => one.batches);
  const of = (key: "p50" | "p99" | "requestsPerSecond" | "cpu") => quantity(amounts.map((one) => one[key]!));
  const most = all.get(limit)?.amounts ?? [];
  return {
    throughput: of("requestsPerSecond"),
    ...(most.length === 0 ? {} : { share: { value: median(amounts.map((one, round) => one.requestsPerSecond / most[round]!.requestsPerSecond)) } }),
    ...(batches.length === 0 ? {} : { batchP50: { value: percentile(batches, 0.5) }, batchP99: { value: percentile(batches, 0.99) } }),
    requestP50: of("p50"),
    requestP99: of("p99"),
    ...(amounts[0]?.cpu === undefined ? {} : { cpu: of("cpu") }),
    ...(peak === undefined ? {} : { memory: { value: peak } }),
  };
}
