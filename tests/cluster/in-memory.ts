/** Callers and workers on a bus, in virtual time. */
import type { OpenExecutor } from "espalier/executor";
import { openInlinePool } from "espalier/executor";
import { testClock, type TestClock } from "espalier/testing";
import { clusterLauncher } from "../../src/executor/cluster/caller/launcher.ts";
import type { ClusterCarrier } from "../../src/executor/cluster/caller/carrier.ts";
import { sameAddresses } from "../../src/executor/cluster/module-names.ts";
import { Subjects } from "../../src/executor/cluster/subjects.ts";
import { ClusterWorker } from "../../src/executor/cluster/worker/cluster-worker.ts";
import { servedBy } from "../../src/executor/cluster/worker/served.ts";
import { Pool } from "../../src/executor/pool/pool.ts";
import { Bus, type Connection } from "./bus.ts";

const works = new URL("./works.ts", import.meta.url).href;

export interface Site {
  readonly clock: TestClock;
  readonly bus: Bus;
  readonly subjects: Subjects;
  caller(name: string, options?: { lease?: number; patience?: number; size?: number; durable?: boolean }): Caller;
  worker(name: string, options?: { size?: number; isOnly?: boolean; attempts?: number; hold?: number }): Promise<Worker>;
}

export interface Caller {
  readonly pool: OpenExecutor;
  readonly connection: Connection;
  readonly carrier: () => ClusterCarrier;
}

export interface Worker {
  readonly worker: ClusterWorker;
  readonly pool: OpenExecutor;
  readonly connection: Connection;
}

export const LEASE = 10_000;

export function site(options: ConstructorParameters<typeof Bus>[1] = {}): Site {
  const clock = testClock({ autojump: false });
  const bus = new Bus(clock, options);
  const subjects = new Subjects("test");
  const shared = { subjects, names: sameAddresses, clock };
  return {
    clock,
    bus,
    subjects,
    caller(name, { lease = LEASE, patience = 5_000, size = 16, durable = false } = {}) {
      const connection = bus.connect();
      let carrier: ClusterCarrier | undefined;
      const launcher = clusterLauncher(async () => connection, { ...shared, id: name, label: name, lease, patience, size, durable: durable ? { replicas: 1, remember: 1e9 } : undefined }, (launched) => (carrier = launched));
      return { pool: new Pool(launcher, { size }, "cluster"), connection, carrier: () => carrier! };
    },
    async worker(name, { size = Infinity, isOnly = false, attempts = 3, hold = LEASE } = {}) {
      const connection = bus.connect();
      const pool = openInlinePool({ size });
      const worker = new ClusterWorker(connection, pool, await servedBy([works], sameAddresses), { ...shared, id: name, label: name, lease: LEASE, isOnly });
      await worker.takeDurable({ durable: bus.keep.for(connection), hold, attempts });
      return { worker, pool, connection };
    },
  };
}

/** For workers that come from now on, what is recorded can be read when this was called that is given. */
export function slowRecords({ bus }: Site): () => void {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const made = bus.keep.for.bind(bus.keep);
  bus.keep.for = (connection) => {
    const durable = made(connection);
    return { ...durable, recorded: (key) => opened.then(() => durable.recorded(key)) };
  };
  return () => open();
}
