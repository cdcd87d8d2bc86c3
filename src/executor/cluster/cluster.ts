import { describe } from "../../errors/brand.ts";
import { warn } from "../../host/warn.ts";
import { realClock } from "../../task/clock.ts";
import type { Executor, ExecutorStatistics, OpenExecutor } from "../contract.ts";
import { block } from "../pool/block.ts";
import { lazily } from "../pool/lazily.ts";
import { Pool } from "../pool/pool.ts";
import type { CallerSettings, ClusterCarrier } from "./caller/carrier.ts";
import { clusterLauncher, DEFAULT_SIZE } from "./caller/launcher.ts";
import { keepingOf } from "./keeping.ts";
import { NAMESPACE, SERVERS } from "./local/boot.ts";
import { connectLocal, isLocal, localNamespace } from "./local/connect-local.ts";
import { byPackage, sameAddresses } from "./module-names.ts";
import { connectNats } from "./nats/nats-transport.ts";
import type { ClusterOptions } from "./options.ts";
import { ownName } from "./own-name.ts";
import { LONGEST_LEASE_MS } from "./settings.ts";
import { Subjects } from "./subjects.ts";
import type { Transport } from "./transport.ts";

const LEASE_MS = 10_000;
const PATIENCE_MS = 10_000;

class ClusterPool extends Pool {
  #carrier: ClusterCarrier | undefined;

  constructor(options: ClusterOptions, connect: () => Promise<Transport>, settings: CallerSettings) {
    super(clusterLauncher(connect, settings, (carrier) => (this.#carrier = carrier)), options, "cluster");
  }

  override statistics(): ExecutorStatistics {
    const statistics = super.statistics();
    return { ...statistics, workers: statistics.workers === 0 ? 0 : (this.#carrier?.workers ?? 0) };
  }

  workerDied(exit: number | string | undefined, isReplaced: boolean): void {
    this.#carrier?.workerDied(exit, isReplaced);
  }
}

/**
 * Opens a cluster for a block: works run on other machines, by NATS, wherever a worker serves them (`espalier worker`). `close()` it, or leave it with `await using`,
 * which cancels what is still under way. It connects with the first call, and keeps no program alive while it has nothing to do.
 *
 * *Guarantee.* A call runs at most once. It is cancelled on its worker with its scope, and when this program dies or is cut off, after a `lease`; its deadline
 * holds there too. `size`, `maxQueued`, priorities and turns hold here, before a call goes out; workers that are full push back.
 *
 * *Failure.* Throws RangeError and TypeError for options that make no sense. Calls reject as those of any executor; with WorkerDiedError `"WORKER_LOST"` where nobody has heard of their worker for a lease;
 * with ClusterError where there are no servers, or no worker for the work, or where they are of other versions.
 *
 * *Cancellation.* As in threads, on the worker's side of the network. The call waits until its worker says that the work has ended, or has been lost.
 *
 * *Cost.* A message there and one back, which short calls share: some 100 µs on a quiet network. What is given and what comes back is copied, and nothing is shared.
 *
 * @example
 * ```ts
 * import { openCluster } from "espalier/cluster";
 *
 * const cluster = openCluster({ servers: "nats://localhost:4222", size: 200 }); // where the syntax exists: await using cluster = …
 * try {
 *   console.log(cluster.statistics().workers); // 0: it has not been called yet
 * } finally {
 *   await cluster[Symbol.asyncDispose]();
 * }
 * ```
 */
export function openCluster(options: ClusterOptions = {}): OpenExecutor {
  const { lease = LEASE_MS, patience = PATIENCE_MS, servers = process.env[SERVERS] || undefined, nats, local = {}, onError } = options;
  for (const [name, value, least, most] of [["lease", lease, 50, LONGEST_LEASE_MS], ["patience", patience, 0, Infinity]] as const) {
    if (typeof value !== "number" || !(value >= least && value <= most)) throw new RangeError(`A cluster needs a number from ${least} ${most === Infinity ? "up" : `to ${most}`} as its ${name}, in ms, and got ${String(value)}.`);
  }
  // A private server has one namespace, whatever it was to be.
  const namespace = servers === undefined ? localNamespace() : (options.namespace ?? (process.env[NAMESPACE] || "default"));
  const durable = keepingOf(options.durable);
  const own = ownName();
  const settings: CallerSettings = { ...own, subjects: new Subjects(namespace), names: isLocal(namespace) ? sameAddresses : byPackage(), clock: realClock, lease, patience, size: options.size ?? DEFAULT_SIZE, durable };
  const name = options.name ?? "cluster";
  const failed = (error: unknown, of: string): void => (onError === undefined ? warn(`The worker process of ${of} failed: ${describe(error)}. Give the executor an onError to be told.`) : onError(error, of));
  const connect = (): Promise<Transport> =>
    servers === undefined
      ? connectLocal({ namespace, lease, threads: { name, ...local }, keeping: durable }, own.label, { died: (exit, isReplaced) => pool.workerDied(exit, isReplaced), failed })
      : connectNats(servers, own.label, lease / 2, nats);
  const pool = new ClusterPool(options, connect, settings);
  return pool;
}

/**
 * Opens a cluster, runs `body` with it, and ends it: when `body` returned, after the calls that are outstanding; when it threw, they are
 * cancelled first. Gives what `body` gives.
 *
 * @example
 * ```ts
 * import { clusterPool, work } from "espalier/cluster";
 *
 * export const double = work(import.meta, "double", (n: number) => 2 * n);
 *
 * const main = () => clusterPool((cluster) => cluster.run(double, 21, new AbortController()), { servers: "nats://localhost:4222" });
 * console.log(typeof main); // "function": it needs a server, and a worker
 * ```
 */
export function clusterPool<T>(body: (cluster: Executor) => T | PromiseLike<T>, options?: ClusterOptions): Promise<T> {
  return block(() => openCluster(options), body);
}

/** The cluster of the program: that of `ESPALIER_NATS` and `ESPALIER_NAMESPACE`, or one of its own; opened at the first call. In a work that runs on a cluster, that one. */
export const cluster: Executor = lazily(openCluster, "cluster");
