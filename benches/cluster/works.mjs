/** The works of the suite. */
import process from "node:process";
import { dist } from "./dist.mjs";

const { callback, work } = /** @type {typeof import("../../src/executor/index.ts")} */ (await import(dist("executor/index.js")));
const { sleepForever } = /** @type {typeof import("../../src/index.ts")} */ (await import(dist("index.js")));

/** A work has begun, in the process of this number. @type {import("../../src/executor/index.ts").Callback<number, boolean>} */
export const began = callback(import.meta, "began");

export const noop = work(import.meta, "noop", (/** @type {unknown} */ input) => input);

/** Says where it runs, and is told whether it may end; if not, it waits until it is cancelled. */
export const waits = work(import.meta, "waits", async (/** @type {unknown} */ input, scope) => {
  if (await scope.caller.call(began, process.pid)) return input;
  return sleepForever(scope);
});
