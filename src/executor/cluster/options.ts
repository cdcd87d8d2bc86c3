import type { ExecutorOptions } from "../contract.ts";
import type { ThreadOptions } from "../threads/options.ts";
import type { NatsOptions } from "./nats/options.ts";

/** How calls are kept. Whoever comes first, caller or worker, makes what keeps them; what is there already stays as it is. */
export interface DurableSettings {
  /** On so many servers: 1 by default. Three of a cluster of three survive the loss of one. */
  replicas?: number | undefined;
  /** For so many ms it is known which calls with a key are completed: a week by default, at least 100, `Infinity` for ever. */
  remember?: number | undefined;
}

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
  /** Workers that have not heard of this caller for so many ms cancel its works, and it gives up calls that it has not heard of: 10,000 by default, from 50 to 3,600,000. */
  lease?: number | undefined;
  /** A call that nobody serves fails after so many ms: 10,000 by default. */
  patience?: number | undefined;
  /**
   * Calls are kept by JetStream until they are done: a call whose worker dies is run again by another one, at least once. Without it, at most once, and
   * quicker. `false` by default.
   */
  durable?: boolean | DurableSettings | undefined;
  /** The threads of the worker process, where there are no servers. */
  local?: ThreadOptions | undefined;
}
