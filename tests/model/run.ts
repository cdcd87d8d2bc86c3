/**
 * The model test as a command, for long runs and for seeing a seed again.
 *
 *   node --conditions=espalier:source tests/model/run.ts [--trees 10000] [--from 1] [--all]
 *   node --conditions=espalier:source tests/model/run.ts --seed 4711
 *
 * Stops at the first finding; with --all goes on, and reports one of each kind. With --seed it shows the program
 * and what happened in it in any case. With --guarantee G4 it looks for that alone. With --json it prints what it
 * found as one line of JSON, and shrinks nothing.
 */
import { parseArgs } from "node:util";
import { type Found, hunt, kindOf } from "./hunt.ts";
import { describeRun, report } from "./report.ts";

const { values: options } = parseArgs({
  options: {
    trees: { type: "string", default: "10000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    all: { type: "boolean", default: false },
    guarantee: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const from = whole("seed") ?? whole("from")!;
const trees = options.seed === undefined ? whole("trees")! : 1;
const kinds = new Set<string>();
const findings: Found[] = [];

const ran = await hunt({ from, trees, onFound, onProgress });
if (options.json) {
  console.log(JSON.stringify({ trees: ran, findings: findings.map(({ seed, violations }) => ({ seed, violations })) }));
} else if (findings.length === 0) {
  if (options.seed !== undefined) await show(from);
  console.log(`${ran} trees from seed ${from} on: nothing in them is against a guarantee.`);
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

async function show(seed: number): Promise<void> {
  const { generate } = await import("./generate.ts");
  const { judge } = await import("./judge.ts");
  const program = generate(seed);
  console.log(`${describeRun({ ...(await judge(program)), program })}\n`);
}

function whole(name: "trees" | "from" | "seed"): number | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  const number = Number(given);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new RangeError(`--${name} needs a whole number, and got ${given}.`);
}
