/** Runs suites in a page, or in a web worker that the page starts. What it says goes to the global function `say`. */
import "../timers.ts";
import { stray } from "../node-test.ts";
import { type Plan, runPlan } from "../plan.ts";
import { inspect } from "./inspect.ts";
import { hearOthers } from "./runtime.ts";

interface Globals {
  runSuites(plan: Plan, where: "page" | "worker"): void;
  say(line: string): void;
  readonly document?: object;
  onmessage: ((event: { readonly data: Plan }) => void) | null;
  postMessage(line: string): void;
}
declare const Worker: new (url: string, options: { readonly type: "module" }) => { onmessage: ((event: { readonly data: string }) => void) | null; postMessage(plan: Plan): void; onerror: ((event: { message?: string }) => void) | null };

const globals = globalThis as unknown as Globals;

hearOthers(stray);

globals.runSuites = (plan, where) => {
  if (where === "page") return void runPlan(plan, globals.say, inspect);
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onmessage = ({ data }) => globals.say(data);
  worker.onerror = ({ message }) => globals.say(JSON.stringify({ lost: message ?? "the worker could not be started" }));
  worker.postMessage(plan);
};

if (globals.document === undefined) {
  globals.onmessage = ({ data }) => {
    globals.onmessage = null;
    void runPlan(data, (line) => globals.postMessage(line), inspect);
  };
}
