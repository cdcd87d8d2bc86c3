/**
 * What `../way-process.ts` is, in plain JavaScript: an interpreter without compilers has no WebAssembly, by which Node.js removes types.
 * Its arguments are the row's module, which says nothing here, and `<workload>: <way>`.
 */
import process from "node:process";
import { createInterface } from "node:readline";

const [workload, way] = /** @type {[string, string]} */ (process.argv[3].split(": "));
/** @type {{ ways: Record<string, () => (() => unknown) | Promise<() => unknown>> }} */
const { ways } = await import(`./workloads/${workload}.mjs`);
const sample = await ways[way]();
for await (const _ of createInterface({ input: process.stdin })) {
  globalThis.gc?.({ type: "minor", execution: "sync" });
  console.log(JSON.stringify(await sample()));
}
process.exit();
