import type { ExecutorOptions } from "../contract.ts";
import type { ThreadOptions } from "../threads/options.ts";
import type { NatsOptions } from "./nats/options.ts";

/** How a cluster is opened. */
export interface ClusterOptions extends Omit<ExecutorOptions, "perWorker" | "min" | "idle" | "recycle"> {
  /**
   * How many calls are under way at a time: 64 by default. What workers have no room for waits with those, here. With a thousand workers and more,
   * several calls for each of their threads.
   */
  size?: number | undefined;
  /** Addresses of NATS servers: `"nats://host:4222"`, several in a list, or with commas. By default `ESPALIER_NATS`; without that, a private server and a worker process of this program. */
  servers?: string | readonly string[] | undefined;
  /** Callers and workers of one namespace find each other: by default `ESPALIER_NAMESPACE`, or `"default"`. It is no border: see the guide. */
  namespace?: string | undefined;
  /** TLS, credentials, and what else the client of NATS takes. */
  nats?: NatsOptions | undefined;
  /** Workers that have not heard of this caller for so many ms cancel its works, and it gives up calls that it has not heard of: 10,000 by default. */
  lease?: number | undefined;
  /** A call that nobody serves fails after so many ms: 10,000 by default. */
  patience?: number | undefined;
  /** The threads of the worker process, where there are no servers. */
  local?: ThreadOptions | undefined;
}
