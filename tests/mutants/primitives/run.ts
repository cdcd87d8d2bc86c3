/**
 * Looks for all mistakes that are planted in the primitives, in each of the ways, and prints after how many runs each way
 * found them; with --write it puts the table into docs/guide/testing.md.
 *
 *   node --conditions=espalier:source tests/mutants/primitives/run.ts [--write]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { planted } from "./all.ts";
import { Nursery } from "./nursery.ts";
import type { Planted } from "./planted.ts";
import { seekOnRealClock } from "./real-clock.ts";
import { seek } from "./seek.ts";

const SCHEDULES = 10_000;
const REAL_RUNS = 2_000;

const guide = new URL("../../../docs/guide/testing.md", import.meta.url);
const [begin, end] = ["<!-- planted mistakes -->\n", "<!-- end of planted mistakes -->\n"];

using nursery = new Nursery();
const rows: string[] = [];
for (const mistake of planted) rows.push(await row(mistake));
const text = [
  "| in | mistake | by deviations | random | PCT | real clock |",
  "|---|---|---:|---:|---:|---:|",
  ...rows,
  "",
  `–: not found in ${number(SCHEDULES)} schedules, or in ${number(REAL_RUNS)} runs on the real clock. Each way begins with the usual order. Written by ` +
    `\`node --conditions=espalier:source tests/mutants/primitives/run.ts --write\` on ${new Date().toISOString().slice(0, 10)}, Node.js ${process.versions.node}, ` +
    `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}. The figures of the real clock differ from run to run, the others do not.`,
  "",
].join("\n");

console.log(text);
if (process.argv.includes("--write")) write();

async function row(mistake: Planted): Promise<string> {
  const study = await nursery.plant(mistake);
  const found = [
    (await seek(study, "deviations", SCHEDULES))?.schedules,
    (await seek(study, "chance", SCHEDULES))?.schedules,
    (await seek(study, "pct", SCHEDULES))?.schedules,
    await seekOnRealClock(study, REAL_RUNS),
  ];
  if (found[0] === undefined && found[2] === undefined) process.exitCode = 1;
  const cells = found.map((runs) => (runs === undefined ? "–" : number(runs)));
  return `| ${mistake.study[0].replace(".ts", "")} | **${mistake.name}**: ${mistake.mistake} | ${cells.join(" | ")} |`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}

function write(): void {
  const before = existsSync(guide) ? readFileSync(guide, "utf8") : `# What explore finds\n\n${begin}${end}`;
  const [head, rest] = before.split(begin);
  if (rest === undefined) throw new Error(`docs/guide/testing.md has no line "${begin.trim()}" to put the table after.`);
  writeFileSync(guide, `${head}${begin}\n${text}\n${rest.slice(rest.indexOf(end))}`);
}
