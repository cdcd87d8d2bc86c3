/**
 * The command behind `npm run bench <suite>`: each row in a process of its own, then a table.
 *
 *   --json             prints the report for machines
 *   --only a,b         measures these rows only
 *   --write            keeps the table in benches/README.md
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../src/cli/bench/http/machine.ts";
import { fileOf, runNodeJson } from "./child.ts";
import { keep } from "./report/readme.ts";
import { type Report, render } from "./report/report.ts";
import type { RowOutcome } from "./row-process.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, only: { type: "string" }, write: { type: "boolean", default: false } },
});

async function main(suite: string): Promise<void> {
  if (values.write && values.only !== undefined) throw new Error("--write keeps a whole suite: leave --only out");
  const { rows } = (await import(`./${suite}/suite.ts`)) as { readonly rows: readonly string[] };
  const chosen = chooseRows(rows, values.only);
  const machine = describeMachine();
  const outcomes: (readonly [string, RowOutcome])[] = [];
  for (const [place, name] of chosen.entries()) {
    process.stderr.write(`${suite} ${place + 1}/${chosen.length}: ${name} …\n`);
    outcomes.push([name, await runNodeJson<RowOutcome>(fileOf("row-process.ts", import.meta.url), [fileOf(`${suite}/${name}.ts`, import.meta.url)])]);
  }
  const report: Report = {
    suite,
    machine,
    figures: outcomes.flatMap(([, { figures }]) => figures),
    noise: Object.fromEntries(outcomes.map(([name, { noise }]) => [name, noise])),
  };
  if (values.write) keep(suite, render(report));
  console.log(values.json ? JSON.stringify(report, undefined, 2) : render(report));
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
    throw new Error(`npm run bench takes the name of a suite: core${suite === undefined ? "" : `, not ${suite}`}`);
  }
  await main(suite);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
