import { stamp } from "../errors/brand.ts";

/** What kept a cluster from running something: see {@link ClusterError}. */
export type ClusterErrorCode = "NO_SERVER" | "NOT_CONNECTED" | "NO_WORKER" | "VERSION_SKEW" | "TOO_LARGE" | "NO_JETSTREAM" | "NOT_UNDERSTOOD";

/**
 * The cluster cannot do what it was asked for; the message says why, and the way out.
 *
 * `"NO_SERVER"`: there is no nats-server to be started; `"NOT_CONNECTED"`: none can be reached, or it refused; `"NO_WORKER"`: nobody who serves the work came in time;
 * `"VERSION_SKEW"`: only such as serve another version of it, or speak another version; `"TOO_LARGE"`: more than goes into a message; `"NO_JETSTREAM"`: that is
 * needed for this, and the servers do not have it; `"NOT_UNDERSTOOD"`: what a worker answered cannot be read.
 *
 * @example
 * ```ts
 * import { ClusterError } from "espalier/cluster";
 *
 * const isTemporary = (error: unknown) => error instanceof ClusterError && error.code === "NO_WORKER";
 * console.log(isTemporary(new ClusterError("NO_SERVER", "nats-server is not installed"))); // false
 * ```
 */
export class ClusterError extends Error {
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
stamp(ClusterError, "ClusterError", "cluster");
