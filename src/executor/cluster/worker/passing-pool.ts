import type { OpenExecutor } from "../../contract.ts";
import { Pool } from "../../pool/pool.ts";
import { threadLauncher } from "../../threads/node-launcher.ts";
import type { ThreadOptions } from "../../threads/options.ts";
import { PassingFailure } from "../../wire/passing.ts";

/** The threads of a worker: what they throw is handed on as it is, and their classes are not loaded here. */
export function passingPool(options: ThreadOptions): OpenExecutor {
  return new Pool({ ...threadLauncher(options), decode: (failure) => new PassingFailure(failure) }, options, "threads");
}
