/** Other processes, and this one's signals, in scopes. */
export type { Output, ProcessOptions } from "./options.ts";
export { ProcessError, type ProcessExit } from "./process-error.ts";
export { type ProcessInput, runProcess, type RunningProcess, spawnProcess } from "./spawn-process.ts";
export { signals } from "./signals.ts";
