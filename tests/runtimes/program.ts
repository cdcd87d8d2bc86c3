/**
 * Runs suites as a plain program of Node.js, Bun or Deno: `program.js PLAN RESULTS`, a file of JSON, and one to write to, a
 * line for each result. Not to stdout: a pipe whose reader is busy is full after some hundred lines, and refuses the next.
 */
import "./timers.ts";
import { openSync, readFileSync, writeSync } from "node:fs";
import { inspect } from "node:util";
import { stray } from "./node-test.ts";
import { type Plan, runPlan } from "./plan.ts";

process.on("unhandledRejection", stray);
process.on("uncaughtException", stray);

const plan = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Plan;
const results = openSync(process.argv[3]!, "w");
await runPlan(plan, (line) => void writeSync(results, `${line}\n`), (error) => inspect(error, { depth: 5, maxStringLength: 4_000 }));
// What a test left behind must not keep the program alive.
process.exit(0);
