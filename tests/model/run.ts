/**
 * The model test as a command, for long runs and for seeing a seed again.
 *
 *   node --conditions=espalier:source tests/model/run.ts [--trees 10000] [--from 1] [--all]
 *   node --conditions=espalier:source tests/model/run.ts --explore [--orders 4] …
 *   node --conditions=espalier:source tests/model/run.ts --seed 4711 [--schedule 3:1,7:2]
 *
 * Stops at the first finding; with --all goes on, and reports one of each kind. With --explore each program runs under
 * explored orders of the library's wake-ups, as many as --orders says beside the usual one. With --seed it shows the
 * program and what happened in it in any case, under a schedule that a finding printed. With --guarantee G4 it looks for
 * that alone. With --json it prints what it found as one line of JSON, and shrinks nothing.
 */
import { parseArgs } from "node:util";
import { kindOf, scheduled } from "./explored.ts";
import { generate } from "./generate.ts";
import { type Found, hunt } from "./hunt.ts";
import { judge } from "./judge.ts";
import { describeRun, report } from "./report.ts";

const { values: options } = parseArgs({
  options: {
    trees: { type: "string", default: "10000" },
    from: { type: "string", default: "1" },
    explore: { type: "boolean", default: false },
    orders: { type: "string", default: "4" },
    seed: { type: "string" },
    schedule: { type: "string" },
    all: { type: "boolean", default: false },
    guarantee: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const from = whole("seed") ?? whole("from")!;
const trees = options.seed === undefined ? whole("trees")! : 1;
const orders = options.explore ? whole("orders")! : undefined;
const kinds = new Set<string>();
const findings: Found[] = [];

const ran = options.schedule === undefined ? await hunt({ from, trees, orders, onFound, onProgress }) : await show(from, options.schedule);
if (options.json) {
  console.log(JSON.stringify({ trees: ran, findings: findings.map(({ seed, violations }) => ({ seed, violations })) }));
} else if (findings.length === 0) {
  if (options.seed !== undefined && options.schedule === undefined) await show(from);
  const under = orders === undefined ? "" : `, each under ${orders} orders beside the usual one`;
  console.log(`${ran} trees from seed ${from} on${under}: nothing in them is against a guarantee.`);
} else process.exitCode = 1;

async function onFound(found: Found): Promise<boolean> {
  if (options.guarantee !== undefined && found.violations.every(({ guarantee }) => guarantee !== options.guarantee)) return true;
  const kind = kindOf(found.violations[0]!);
  if (kinds.has(kind)) return true;
  kinds.add(kind);
  findings.push(found);
  if (options.json) return false;
  if (options.seed !== undefined) console.log(`${describeRun(found)}\n`);
  console.log(`${await report(found)}\n`);
  return options.all;
}

function onProgress(done: number): void {
  if (done % 20_000 === 0 && done < trees) console.error(`${done} of ${trees} trees`);
}

/** Shows one run; gives how many that are. */
async function show(seed: number, schedule?: string): Promise<number> {
  const program = generate(seed);
  const judgement = schedule === undefined ? await judge(program) : await scheduled(program, schedule);
  console.log(`${describeRun({ ...judgement, program })}\n`);
  for (const { guarantee, what } of judgement.violations) console.log(`  ${guarantee}: ${what}`);
  if (judgement.violations.length > 0) findings.push({ ...judgement, seed, program });
  return 1;
}

function whole(name: "trees" | "from" | "seed" | "orders"): number | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  const number = Number(given);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new RangeError(`--${name} needs a whole number, and got ${given}.`);
}
