import type { ExecutorOptions } from "../contract.ts";

/** How a pool of threads is opened. */
export interface ThreadOptions extends ExecutorOptions {
  /** What each thread may use, in MB: a work that needs more fails with WorkerDiedError. (Node.js.) */
  resourceLimits?: { maxOldGenerationSizeMb?: number; maxYoungGenerationSizeMb?: number; codeRangeSizeMb?: number; stackSizeMb?: number } | undefined;
  /** The environment of the threads: by default a copy of this one's. */
  env?: Record<string, string> | undefined;
  execArgv?: readonly string[] | undefined;
  argv?: readonly string[] | undefined;
}
