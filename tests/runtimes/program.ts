/** Runs suites as a plain program of Node.js, Bun or Deno: `program.js PLAN`, a file of JSON. Each line of output is a result. */
import "./timers.ts";
import { readFileSync, writeSync } from "node:fs";
import { inspect } from "node:util";
import { stray } from "./node-test.ts";
import { type Plan, runPlan } from "./plan.ts";

process.on("unhandledRejection", stray);
process.on("uncaughtException", stray);

const plan = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Plan;
await runPlan(plan, (line) => void writeSync(1, `${line}\n`), (error) => inspect(error, { depth: 5, maxStringLength: 4_000 }));
// What a test left behind must not keep the program alive.
process.exit(0);
