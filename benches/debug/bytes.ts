/** What telling takes: bytes of the file for each event of a trace, and bytes of memory that debug mode keeps of a task that sleeps. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep, taskGroup } from "../espalier.ts";
import { measureRounds } from "../measure.ts";
import { median } from "../ratio.ts";
import type { Figure, Row } from "../row.ts";
import { collectAll, type Ways } from "../sample.ts";
import { node } from "../way.ts";
import { dist } from "./build.ts";

const traced = 5_000;
const asleep = 20_000;
const hour = 3_600_000;

const program = `
import { sleep, taskGroup } from ${JSON.stringify(`${dist}/index.js`)};
await taskGroup((group) => {
  for (let n = 0; n < ${traced}; n++) group.spawn((scope) => sleep(1, scope), { name: "request" });
}, { concurrency: 100, name: "requests" });`;

function occupied(): number {
  collectAll();
  collectAll();
  return process.memoryUsage().heapUsed;
}

export const ways: Ways = {
  asleep: () => () =>
    taskGroup((group) => {
      const before = occupied();
      for (let n = 0; n < asleep; n++) group.spawn((scope) => sleep(hour, scope));
      const bytes = (occupied() - before) / asleep;
      group.cancel();
      return bytes;
    }),
};

if ((process.env["ESPALIER_DEBUG"] ?? "") !== "") {
  const { configureDebug } = (await import(`${dist}/debug/index.js`)) as typeof import("../../src/debug/index.ts");
  // All stacks, or as many as a burst has.
  configureDebug({ blocked: hour, ...(process.env["BENCH_STACKS"] === "all" ? { stacks: Infinity } : {}) });
}

function bytesOfEvents(): Figure {
  const folder = mkdtempSync(join(tmpdir(), "espalier-trace-"));
  try {
    const [script, output] = [join(folder, "program.mjs"), join(folder, "trace.json")];
    writeFileSync(script, program);
    const { status, stderr } = spawnSync(process.execPath, [`${dist}/cli/main.js`, "trace", "-o", output, script], { encoding: "utf8" });
    if (status !== 0) throw new Error(`espalier trace ended with ${status}: ${stderr}`);
    const text = readFileSync(output, "utf8");
    const events = JSON.parse(text) as unknown[];
    return { what: `an event of a trace, of ${events.length.toLocaleString("en")}`, items: traced, unit: "bytes", ours: { name: "espalier trace", value: Buffer.byteLength(text) / events.length } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bytesOfTasks(): Promise<Figure[]> {
  const environments: Record<string, Record<string, string>> = {
    "as it is": { ESPALIER_DEBUG: "" },
    "ESPALIER_DEBUG=1, a burst": { ESPALIER_DEBUG: "1" },
    "ESPALIER_DEBUG=1, all stacks": { ESPALIER_DEBUG: "1", BENCH_STACKS: "all" },
  };
  const entrants = Object.entries(environments).map(([name, environment]) => ({ name, way: "asleep", runtime: { ...node, environment } }));
  const measured = await measureRounds(import.meta.url, entrants, { warmUps: 1, rounds: 5, fewest: 5 });
  const amounts = [...measured].map(([name, { amounts, lost }]) => {
    if (lost !== undefined) throw new Error(lost);
    return { name, value: median(amounts) };
  });
  const [beside, ...others] = amounts as [(typeof amounts)[0], ...typeof amounts];
  return others.map((ours) => ({ what: "what is kept of a task that sleeps", items: asleep, unit: "bytes", ours, beside }));
}

export const row: Row = {
  measure: async () => [bytesOfEvents(), ...(await bytesOfTasks())],
};
