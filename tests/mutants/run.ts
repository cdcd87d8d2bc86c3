/**
 * Hunts all planted mistakes and prints how many trees each takes; with --write it puts the table into README.md.
 *
 *   node --conditions=espalier:source tests/mutants/run.ts [--write]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { mutants } from "./all.ts";
import { Copy } from "./copy.ts";
import { hunted } from "./hunt.ts";
import type { Mutant } from "./mutant.ts";

const readme = new URL("README.md", import.meta.url);
const [begin, end] = ["<!-- table -->\n", "<!-- end of table -->\n"];

using copy = new Copy();
const rows: string[] = [];
for (const mutant of mutants) rows.push(await row(mutant));
const table = ["| | mistake | where | found in tree |", "|---|---|---|---:|", ...rows, ""].join("\n");

if (process.argv.includes("--write")) {
  const text = readFileSync(readme, "utf8");
  const [before, rest] = text.split(begin);
  writeFileSync(readme, `${before}${begin}${table}${end}${rest!.split(end)[1]}`);
}
console.log(table);

async function row(mutant: Mutant): Promise<string> {
  const { guarantee, mistake, edits } = mutant;
  const { trees, findings } = await hunted(copy, mutant);
  const files = [...new Set(edits.map(({ file }) => `\`${file}\``))].join(", ");
  if (findings.length === 0) process.exitCode = 1;
  return `| ${guarantee} | ${mistake} | ${files} | ${findings.length === 0 ? "**not found**" : trees} |`;
}
