/** wrk under the face of a client's process: what the server can answer at most. */
import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { BatchAnswer, BatchQuestion } from "./question.ts";

const units: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

/** From what wrk prints. */
export function readWrk(output: string): BatchAnswer {
  const latency = (part: number): number => {
    const found = new RegExp(`^ +${part}%\\s+([\\d.]+)(us|ms|s)$`, "m").exec(output);
    return Number(found?.[1]) * units[found?.[2] ?? "ms"]!;
  };
  return { batches: [], p50: latency(50), p99: latency(99), requestsPerSecond: Number(/^Requests\/sec:\s+([\d.]+)/m.exec(output)?.[1]) };
}

if (import.meta.main) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { url, connections, ms } = JSON.parse(line) as BatchQuestion;
    const { stdout } = spawnSync("wrk", ["--threads", "1", "--connections", `${connections}`, "--duration", `${Math.max(1, Math.round(ms / 1000))}s`, "--latency", `${url}/item/0`], { encoding: "utf8" });
    console.log(JSON.stringify(readWrk(stdout)));
  }
}
