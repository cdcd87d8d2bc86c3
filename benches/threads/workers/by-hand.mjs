/** Runs all calls of a message, and answers with one. */
import { parentPort } from "node:worker_threads";
import * as functions from "../functions.mjs";

const byName = new Map(Object.entries(functions));

parentPort?.on("message", (calls) => {
  const results = [];
  for (let at = 0; at < calls.length; at += 3) results.push(calls[at], byName.get(calls[at + 1])(calls[at + 2]));
  parentPort?.postMessage(results);
});
