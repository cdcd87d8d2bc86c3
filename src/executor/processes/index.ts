/** Works in processes. */
export * from "../index.ts";
export type { ProcessOptions } from "./options.ts";
export { openProcessPool, processes, processPool } from "./processes.ts";
