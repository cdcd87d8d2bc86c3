/**
 * The command behind `npm run bench -- [suite…]`: measures the suites' rows one after the other, and draws what was found.
 *
 *   --only a,b         measures these rows only
 *   --html FILE        draws a page of plots and tables, which needs no server
 *   --json FILE        keeps what was found for machines; - is standard output
 *   --from FILE,FILE   measures nothing: draws what was kept
 *   --compare REV      measures another revision beside this one, in the same rounds
 *   --quick            runs everything once: a look at whether it works; its figures mean nothing
 *   --clock cpu        by the processor time of the thread, for a machine that others use too; not for --write
 *   --write            keeps the tables in benches/README.md
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { startProgress } from "../src/cli/progress.ts";
import { openTerminal } from "../src/cli/terminal.ts";
import { usageOf } from "../tools/bootstrap/usage.mjs";
import { keep } from "./report/readme.ts";
import { type Report, render } from "./report/report.ts";
import { chooseSuites, loadSuite, type Suite } from "./suites.ts";

const { values, positionals } = typed({
  allowPositionals: true,
  options: {
    help: { type: "boolean", default: false },
    only: { type: "string" },
    html: { type: "string" },
    json: { type: "string" },
    from: { type: "string" },
    compare: { type: "string" },
    quick: { type: "boolean", default: false },
    clock: { type: "string", default: "wall" },
    write: { type: "boolean", default: false },
  },
});

/** What was typed; the usage where it asks for that, or makes no sense. */
function typed<const C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  try {
    const parsed = parseArgs(config);
    if ((parsed.values as { help?: boolean }).help !== true) return parsed;
    console.log(usageOf(import.meta.url));
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usageOf(import.meta.url)}`);
    process.exit(1);
  }
}

function refuseNonsense(): void {
  const { write, only, clock, quick, compare } = values;
  if (clock !== "wall" && clock !== "cpu") throw new Error(`--clock is wall or cpu, not ${clock}`);
  const spoiling = { "--only": only !== undefined, "--clock": clock !== "wall", "--quick": quick, "--compare": compare !== undefined };
  const spoilt = Object.entries(spoiling).find(([, given]) => given);
  if (write && spoilt !== undefined) throw new Error(`--write keeps whole suites of this revision, by the wall and in full: leave ${spoilt[0]} out`);
}

async function chosen(): Promise<Map<string, Suite>> {
  const wanted = values.only?.split(",");
  const suites = await Promise.all(chooseSuites(positionals).map(async (name) => [name, await loadSuite(name, wanted)] as const));
  const unknown = wanted?.find((row) => !suites.some(([, { rows }]) => rows.includes(row)));
  if (unknown === undefined) return new Map(suites);
  const all = await Promise.all(suites.map(async ([name]) => `${name}: ${(await loadSuite(name, undefined)).rows.join(", ")}`));
  throw new Error(`there is no row ${unknown} in these suites. They have\n${all.join("\n")}`);
}

async function measured(): Promise<Report[]> {
  // Both are read once, when what measures is loaded.
  if (values.quick) process.env["BENCH_QUICK"] = "1";
  process.env["BENCH_CLOCK"] = values.clock;
  const suites = await chosen();
  const [{ measureSuites }, { compareWith, describeRevision }] = await Promise.all([import("./session.ts"), import("./revision.ts")]);
  const base = values.compare === undefined ? undefined : describeRevision(values.compare);
  using _building = values.compare === undefined ? undefined : compareWith(values.compare);
  const progress = startProgress([...suites.values()].reduce((rows, suite) => rows + suite.rows.length, 0), openTerminal());
  const reports: Report[] = [];
  try {
    for await (const report of measureSuites({ suites, espalier: versionHere(), clock: values.clock as "wall", base, progress })) {
      progress.done();
      if (values.json !== "-") console.log(`${render(report)}\n`);
      if (values.write) keep(report.suite, render(report));
      reports.push(report);
      // After each suite: a long run that ends early has kept what it found.
      write(reports);
    }
  } finally {
    progress.done();
  }
  return reports;
}

/** The version, and where the sources are a clone its revision. */
function versionHere(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const { status, stdout } = spawnSync("git", ["describe", "--always", "--dirty"], { cwd: new URL("..", import.meta.url), encoding: "utf8" });
  return status === 0 ? `${version} (${stdout.trim()})` : version;
}

function write(reports: readonly Report[]): void {
  if (values.json !== undefined && values.json !== "-") writeFileSync(values.json, `${JSON.stringify(reports, undefined, 2)}\n`);
}

try {
  refuseNonsense();
  const kept = values.from?.split(",").flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Report[]);
  const reports = kept ?? (await measured());
  if (kept !== undefined) for (const report of kept) console.log(`${render(report)}\n`);
  if (kept !== undefined && values.write) for (const report of kept) keep(report.suite, render(report));
  if (values.json === "-") console.log(JSON.stringify(reports, undefined, 2));
  if (values.html !== undefined) {
    const { page } = await import("./report/page/page.ts");
    writeFileSync(values.html, page(reports));
    console.error(`${values.html}: open it in a browser`);
  }
} catch (error) {
  console.error(error instanceof Error ? `${error.message}${error.cause instanceof Error ? `\n${error.cause.message}` : ""}` : error);
  process.exitCode = 1;
}
