/** NATS as a transport. The client is an optional package, and is loaded when the first connection is made. */
import type { Msg, NatsConnection, Status } from "@nats-io/transport-node";
import { describe } from "../../../errors/brand.ts";
import { ClusterError } from "../../cluster-error.ts";
import type { Durable, Store } from "../durable.ts";
import type { DurableOptions, Incoming, Subscription, Transport } from "../transport.ts";
import { hold, NEVER_MS } from "./hold.ts";
import { openDurable } from "./nats-durable.ts";
import { openStore } from "./nats-store.ts";
import { addressesOf, type NatsOptions } from "./options.ts";
import { watchStale } from "./stale.ts";

const NOBODY_LISTENS = 503;
const RECONNECT_MS = 200;
const DIAL_MS = 5_000;

/** Rejects with ClusterError `"NOT_CONNECTED"`. `staleMs`: what does not answer for twice as long is connected anew. */
export async function connectNats(servers: string | readonly string[], name: string, staleMs: number, { creds, ...options }: NatsOptions = {}): Promise<NatsTransport> {
  const { servers: addresses, credentials } = addressesOf(servers);
  const { connect, credsAuthenticator } = await client();
  const authenticator = creds === undefined ? {} : { authenticator: credsAuthenticator(creds) };
  try {
    const connection = await connect({ reconnectTimeWait: RECONNECT_MS, timeout: DIAL_MS, noAsyncTraces: true, name, ...credentials, ...authenticator, ...options, servers: addresses, maxReconnectAttempts: -1, pingInterval: NEVER_MS });
    return new NatsTransport(connection, staleMs);
  } catch (error) {
    throw new ClusterError("NOT_CONNECTED", `No NATS server can be reached at ${addresses.join(", ")}: ${describe(error)}. Is it running there, and are the credentials its own?`, { cause: error });
  }
}

async function client(): Promise<typeof import("@nats-io/transport-node")> {
  try {
    return await import("@nats-io/transport-node");
  } catch (error) {
    throw new ClusterError("NOT_CONNECTED", `espalier/cluster speaks NATS through the package @nats-io/transport-node, which cannot be loaded: ${describe(error)}. Install it beside espalier: npm install @nats-io/transport-node.`, { cause: error });
  }
}

export class NatsTransport implements Transport {
  readonly connection: NatsConnection;
  readonly #endWatch: () => void;
  #isConnected = true;
  #isHeld = true;
  #store: Promise<Store> | undefined;

  constructor(connection: NatsConnection, staleMs: number) {
    this.connection = connection;
    this.#endWatch = watchStale(connection, staleMs, () => this.#isConnected);
    hold(connection, true);
    void this.#follow(connection.status());
    void connection.closed().then(this.#endWatch);
  }

  get maxPayload(): number {
    return this.connection.info?.max_payload ?? 2 ** 20;
  }

  publish(subject: string, data: Uint8Array, reply?: string): void {
    // One that is closed says so by `onClosed`.
    if (this.connection.isClosed() || this.connection.isDraining()) return;
    this.connection.publish(subject, data, reply === undefined ? undefined : { reply });
  }

  subscribe(subject: string, receive: (message: Incoming) => void, queue?: string): Subscription {
    const callback = (error: Error | null, message: Msg): void => {
      if (error === null) receive({ subject: message.subject, data: message.data, reply: message.reply, isUnheard: message.headers?.code === NOBODY_LISTENS });
    };
    const subscription = this.connection.subscribe(subject, queue === undefined ? { callback } : { callback, queue });
    return {
      end: async () => {
        if (subscription.isClosed() || this.connection.isClosed()) return;
        if (this.#isConnected) await subscription.drain().catch(() => {});
        else subscription.unsubscribe();
      },
    };
  }

  durable(options: DurableOptions): Promise<Durable> {
    return openDurable(this.connection, options);
  }

  async store(name: string): Promise<Store | undefined> {
    if (this.connection.info?.jetstream !== true) return undefined;
    if (this.#store !== undefined) return this.#store;
    const opening = (this.#store = openStore(this.connection, name));
    // The next one who asks tries again.
    opening.catch(() => (this.#store = undefined));
    return opening;
  }

  flush(): Promise<void> {
    return this.connection.flush();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    hold(this.connection, isHeld);
  }

  onClosed(told: (error: Error | undefined) => void): void {
    void this.connection.closed().then((error) => told(error ?? undefined));
  }

  async close(): Promise<void> {
    this.#endWatch();
    if (this.connection.isClosed()) return;
    this.hold(true);
    if (this.#isConnected && !this.connection.isDraining()) await this.connection.drain().catch(() => {});
    await this.connection.close();
  }

  async #follow(statuses: AsyncIterable<Status>): Promise<void> {
    for await (const { type } of statuses) {
      if (type === "disconnect") this.#isConnected = false;
      else if (type === "reconnect") {
        this.#isConnected = true;
        this.hold(this.#isHeld);
      }
    }
  }
}
