import { realClock } from "../../task/clock.ts";
import type { Cancellable, CancelScope } from "../../task/capabilities.ts";
import { nodeFor } from "../../task/park.ts";
import { openLimited } from "../../task/scopes.ts";
import { ClusterError } from "../cluster-error.ts";
import type { ExecutorStatistics, OpenExecutor } from "../contract.ts";
import type { ThreadOptions } from "../threads/options.ts";
import { keepingOf } from "./keeping.ts";
import { NAMESPACE, SERVERS } from "./local/boot.ts";
import { byPackage } from "./module-names.ts";
import type { DurableSettings } from "./options.ts";
import { connectNats } from "./nats/nats-transport.ts";
import type { NatsOptions } from "./nats/options.ts";
import { ownName } from "./own-name.ts";
import { Subjects } from "./subjects.ts";
import { ATTEMPTS, HOLD_MS } from "./worker/deliveries.ts";
import { ClusterWorker, type WorkerStatistics } from "./worker/cluster-worker.ts";
import { passingPool } from "./worker/passing-pool.ts";
import { servedBy } from "./worker/served.ts";

/** How a worker of a cluster is run. */
export interface ServeOptions {
  /** The modules whose works it runs, by their addresses: `new URL("./works.js", import.meta.url)`. Nothing else is run. */
  modules: readonly (string | URL)[];
  /** As of a cluster: by default `ESPALIER_NATS`. */
  servers?: string | readonly string[] | undefined;
  namespace?: string | undefined;
  /** TLS, credentials, and what else the client of NATS takes. */
  nats?: NatsOptions | undefined;
  /** The threads: `size` is how many works compute at a time, by default as many as the machine runs at once; `perWorker`, how many of those that wait each of them has. */
  threads?: ThreadOptions | undefined;
  /** It takes calls of durable clusters, too. `hold`: for so many ms such a call stays with a worker that says nothing (10,000 by default); `attempts`: so many workers may die of it (5). */
  durable?: boolean | (DurableSettings & { hold?: number | undefined; attempts?: number | undefined }) | undefined;
  /** When it is to end: how long the calls that it has may go on, in ms, before they are cancelled. 30,000 by default. */
  drain?: number | undefined;
  /** Told when it takes calls. */
  onReady?: ((worker: ServingWorker) => void) | undefined;
}

/** A worker at work. */
export interface ServingWorker {
  /** As the errors of its calls name it. */
  readonly name: string;
  /** The works that it runs: `"shop:src/works#resize"`. */
  readonly works: readonly string[];
  /** It takes no more calls, and waits for those that it has. */
  readonly isDraining: boolean;
  statistics(): WorkerStatistics & { readonly threads: ExecutorStatistics };
}

const DRAIN_MS = 30_000;
/** A connection that does not answer for twice as long is made anew. */
const STALE_MS = 5_000;

/**
 * Runs works for the callers of a cluster, in threads of this process, until `scope` is cancelled. Then it takes no more calls, waits for those that it has, up to
 * `drain` ms, and rejects with the CancelledError. What the command `espalier worker` does.
 *
 * *Guarantee.* Only works run that the modules export under their own names. A call whose caller has not been heard of for his lease is cancelled. A message that
 * cannot be read is counted (`statistics().faults`), and does nothing else.
 *
 * *Failure.* MisuseError `"NOT_DECLARED"` for a module without works; ClusterError `"NOT_CONNECTED"` where no server can be reached; what a module throws at its import.
 *
 * @example
 * ```ts
 * import { run } from "espalier";
 * import { serveWorks } from "espalier/cluster";
 *
 * const main = () =>
 *   run((scope) => serveWorks({ modules: [new URL("./works.js", import.meta.url)], servers: "nats://localhost:4222", threads: { size: 4 } }, scope), { grace: 60_000 });
 * console.log(typeof main); // "function": it serves until SIGTERM
 * ```
 */
export function serveWorks(options: ServeOptions, scope: Cancellable): Promise<never> {
  try {
    const node = nodeFor(scope, "serveWorks()");
    return openLimited(node, node.clock, "failAfter", Infinity, (own) => serve(options, own), { name: "worker" });
  } catch (error) {
    return Promise.reject(error);
  }
}

async function serve({ modules, nats, threads = {}, drain = DRAIN_MS, durable, onReady, ...options }: ServeOptions, scope: CancelScope): Promise<never> {
  const servers = options.servers ?? process.env[SERVERS];
  if (servers === undefined || servers.length === 0) throw new TypeError("A worker needs the servers that its callers use: serveWorks({ servers: \"nats://…\" }, …), or ESPALIER_NATS.");
  if (modules.length === 0) throw new TypeError("A worker needs the modules whose works it runs, and got none.");
  if (typeof drain !== "number" || !(drain >= 0)) throw new RangeError(`A worker needs a number from 0 up as its drain, in ms, and got ${String(drain)}.`);
  const keeping = keepingOf(durable);
  const { hold = HOLD_MS, attempts = ATTEMPTS } = typeof durable === "object" ? durable : {};
  if (!(hold >= 100) || !(attempts >= 1)) throw new RangeError(`A worker needs numbers as hold, from 100 up, and attempts, from 1 up, and got ${String(hold)} and ${String(attempts)}.`);
  const namespace = options.namespace ?? (process.env[NAMESPACE] || "default");
  const own = ownName();
  const names = byPackage();
  const served = await servedBy(modules.map(String), names);
  scope.throwIfCancelled();
  const transport = await connectNats(servers, own.label, STALE_MS, nats);
  const lost = new Promise<Error | undefined>((resolve) => transport.onClosed(resolve));
  const pool: OpenExecutor = passingPool(threads);
  const subjects = new Subjects(namespace);
  const worker = new ClusterWorker(transport, pool, served, { ...own, subjects, names, clock: realClock, lease: STALE_MS, isOnly: false });
  let isDraining = false;
  try {
    if (keeping !== undefined) await worker.takeDurable({ durable: await transport.durable({ ...keeping, subjects }), hold, attempts });
    await transport.flush();
    onReady?.({
      name: own.label,
      works: served.works.map(({ module, name }) => `${module}#${name}`),
      get isDraining() {
        return isDraining;
      },
      statistics: () => ({ ...worker.statistics(), threads: pool.statistics() }),
    });
    const ended = new Promise<void>((resolve) => void scope.onCancel(() => resolve()));
    const failure = await Promise.race([ended, lost]);
    if (!scope.cancelled) throw new ClusterError("NOT_CONNECTED", "The connection of this worker to NATS is closed for good.", { cause: failure });
  } finally {
    isDraining = true;
    await worker.drain(drain);
    await pool.close();
    await transport.close();
  }
  throw scope.reason!;
}
