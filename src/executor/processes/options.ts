import type { ExecutorOptions } from "../contract.ts";

/** How a pool of processes is opened. */
export interface ProcessOptions extends ExecutorOptions {
  /** The heap that each process may use, in MB: a work that needs more ends its process, and fails with WorkerDiedError. (Node.js, Deno.) */
  maxMemory?: number | undefined;
  /** Sent to the process of a call with `whenCancelled: "terminate"` when that is cancelled; after `grace` follows SIGKILL. `"SIGTERM"` by default. */
  cancelSignal?: `SIG${string}` | undefined;
  /** The environment of the processes: by default that of this one. */
  env?: Record<string, string> | undefined;
  /** What the runtime is started with: by default what this process was, without an inspector. (Node.js, Bun. In Deno flags like `--conditions` do not go along: set `DENO_CONDITIONS`.) */
  execArgv?: readonly string[] | undefined;
  argv?: readonly string[] | undefined;
  /** Where the processes start: by default where this one is. */
  cwd?: string | undefined;
}
