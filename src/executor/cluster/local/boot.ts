/** What a local worker is told at its start, as JSON in its environment. */
import type { ThreadOptions } from "../../threads/options.ts";
import type { Keeping } from "../transport.ts";

export interface Boot {
  readonly servers: string;
  readonly namespace: string;
  readonly lease: number;
  readonly threads: ThreadOptions;
  /** Where it takes durable calls, too. */
  readonly keeping: Keeping | undefined;
}

/** Where it is. The worker takes it out. */
export const BOOT = "ESPALIER_CLUSTER_WORKER";

/** Where clusters find their servers, and the namespace, that are opened without: works of a worker call the cluster that they are in. */
export const SERVERS = "ESPALIER_NATS";
export const NAMESPACE = "ESPALIER_NAMESPACE";

/** From the program. */
export const CLOSE = "close";
/** From the worker. */
export type FromLocalWorker = readonly ["ready"] | readonly ["error", failure: unknown, name: string];
