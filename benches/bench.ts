/**
 * The command behind `npm run bench <suite>`: measures the suite's rows one after the other, then draws a table.
 *
 *   --json             prints the report for machines
 *   --only a,b         measures these rows only
 *   --clock cpu        by the processor time of the thread, for a machine that others use too; not for --write
 *   --write            keeps the table in benches/README.md
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../src/cli/bench/http/machine.ts";
import { fileOf } from "./child.ts";
import { keep } from "./report/readme.ts";
import { type Report, render } from "./report/report.ts";
import type { Figure, Missing, Row } from "./row.ts";
import { type Noise, watchMachine } from "./spin.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, only: { type: "string" }, clock: { type: "string", default: "wall" }, write: { type: "boolean", default: false } },
});

async function main(suite: string): Promise<void> {
  if (values.write && values.only !== undefined) throw new Error("--write keeps a whole suite: leave --only out");
  if (values.clock !== "wall" && values.clock !== "cpu") throw new Error(`--clock is wall or cpu, not ${values.clock}`);
  if (values.write && values.clock !== "wall") throw new Error("--write keeps times by the wall: leave --clock out");
  process.env["BENCH_CLOCK"] = values.clock;
  const { rows } = (await import(`./${suite}/suite.ts`)) as { readonly rows: readonly string[] };
  const chosen = chooseRows(rows, values.only);
  const machine = describeMachine();
  const figures: (Figure | Missing)[] = [];
  const noise: Record<string, Noise> = {};
  for (const [place, name] of chosen.entries()) {
    process.stderr.write(`${suite} ${place + 1}/${chosen.length}: ${name} …\n`);
    const watch = watchMachine();
    figures.push(...(await measure(suite, name)));
    noise[name] = watch.end();
  }
  const report: Report = { suite, clock: values.clock, machine, figures, noise };
  if (values.write) keep(suite, render(report));
  console.log(values.json ? JSON.stringify(report, undefined, 2) : render(report));
}

/** A row that cannot be measured costs the others nothing. */
async function measure(suite: string, name: string): Promise<readonly (Figure | Missing)[]> {
  try {
    const { row } = (await import(`./${suite}/${name}.ts`)) as { readonly row: Row };
    return await row.measure();
  } catch (error) {
    process.exitCode = 1;
    console.error(error);
    return [{ what: name, missing: "failed: see standard error" }];
  }
}

function chooseRows(rows: readonly string[], only: string | undefined): readonly string[] {
  const wanted = only?.split(",") ?? rows;
  const unknown = wanted.find((name) => !rows.includes(name));
  if (unknown !== undefined) throw new Error(`there is no row ${unknown}: the rows are ${rows.join(", ")}`);
  return rows.filter((name) => wanted.includes(name));
}

try {
  const [suite] = positionals;
  if (suite === undefined || !existsSync(fileOf(`${suite}/suite.ts`, import.meta.url))) {
    throw new Error(`npm run bench takes the name of a suite: core, sync, testing, threads, http-server${suite === undefined ? "" : `, not ${suite}`}`);
  }
  await main(suite);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
