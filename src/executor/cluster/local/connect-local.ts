/** A cluster of this program alone: a server, which all clusters of the program share, and a worker process for each. */
import { randomBytes } from "node:crypto";
import { connectNats } from "../nats/nats-transport.ts";
import type { Transport } from "../transport.ts";
import type { Boot } from "./boot.ts";
import { LocalWorker, type LocalWorkerEvents } from "./local-worker.ts";
import { type LocalServer, startServer } from "./nats-server.ts";

let shared: { readonly server: Promise<LocalServer>; users: number } | undefined;

const LOCAL = "local-";

/** A namespace that nobody else has: workers are of one cluster only. */
export function localNamespace(): string {
  return `${LOCAL}${randomBytes(9).toString("base64url")}`;
}

/** Its workers are of their caller's own program: also for their works, which call the cluster that they are in. */
export function isLocal(namespace: string): boolean {
  return namespace.startsWith(LOCAL);
}

export async function connectLocal(boot: Omit<Boot, "servers">, label: string, events: LocalWorkerEvents): Promise<Transport> {
  const own = (shared ??= share());
  own.users++;
  const leave = (): void => {
    own.users--;
    if (own.users > 0) return;
    if (shared === own) shared = undefined;
    void own.server.then((server) => server.end(), () => {});
  };
  try {
    const { url } = await own.server;
    const worker = new LocalWorker({ ...boot, servers: url }, events);
    const connecting = connectNats(url, label, boot.lease / 2);
    try {
      const [transport] = await Promise.all([connecting, worker.ready]);
      return together(transport, worker, leave);
    } catch (error) {
      void connecting.then((transport) => transport.close(), () => {});
      await worker.close();
      throw error;
    }
  } catch (error) {
    leave();
    throw error;
  }
}

function share(): NonNullable<typeof shared> {
  const own = { server: startServer(), users: 0 };
  const gone = (): void => {
    if (shared === own) shared = undefined;
  };
  // The next one starts another.
  own.server.then(({ ended }) => ended.then(gone), gone);
  return own;
}

function together(transport: Transport, worker: LocalWorker, leave: () => void): Transport {
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await worker.close();
    await transport.close();
    leave();
  };
  return {
    get maxPayload() {
      return transport.maxPayload;
    },
    publish: (subject, data, reply) => worker.whenReady(() => transport.publish(subject, data, reply)),
    subscribe: (subject, receive, queue) => transport.subscribe(subject, receive, queue),
    durable: (options) => transport.durable!(options),
    store: (name) => transport.store!(name),
    flush: () => transport.flush(),
    onClosed: (told) => transport.onClosed(told),
    hold(isHeld) {
      transport.hold(isHeld);
      worker.hold(isHeld);
    },
    close: () => (closing ??= close()),
  };
}
