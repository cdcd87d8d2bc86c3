/**
 * The two clients that are measured: the runtime's own `fetch`, and `request` of undici where that is installed.
 *
 * A batch gets a pool of its own, opened without a connection and closed after it, so that no way of writing profits
 * or suffers from what another left open. What each pool does with more requests than connections differs, and that
 * is the point: undici's keeps at most `connections` open and queues the rest inside; fetch's has no limit and opens
 * one connection for each request that is under way.
 */
import { type Rival, importRival } from "./rivals.ts";

export const clientNames = ["fetch", "undici"] as const;
export type ClientName = (typeof clientNames)[number];

/** Anything that carries a signal, as espalier's scopes do. */
export interface Cancellable {
  readonly signal: AbortSignal;
}

/** One GET, read to its end: gives the number of bytes, and rejects with an `HttpError` for anything but success. */
export type Get = (address: string, scope?: Cancellable) => Promise<number>;

export interface Pool {
  readonly get: Get;
  /** Lets what is under way end, then closes every connection. Gives whether they are closed indeed. */
  close(): Promise<boolean>;
  /** Ends what is under way. */
  destroy(): void;
}

export interface Client {
  readonly name: ClientName;
  /** Whose code it is, with its version. */
  readonly source: string;
  /** How many connections it opens for so many requests at once; Infinity: one for each. */
  connectionLimit(connections: number): number;
  open(connections: number): Pool;
}

export interface MissingClient {
  readonly name: ClientName;
  readonly missing: string;
}

export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(address: string, status: number) {
    super(`GET ${address} was answered with status ${status}`);
    this.status = status;
  }
}

/** A dispatcher of undici, as far as it is used here. */
interface Dispatcher {
  close(): Promise<void>;
  destroy(): Promise<void>;
}
type DispatcherClass = new (options?: { connections?: number }) => Dispatcher;

interface Undici {
  readonly Agent: DispatcherClass;
  request(address: string, options: { dispatcher: Dispatcher; signal: AbortSignal | undefined }): Promise<{
    readonly statusCode: number;
    readonly body: { arrayBuffer(): Promise<ArrayBuffer> };
  }>;
}

/** fetch comes first: undici, once imported, would take over the place where the runtime keeps its own pool. */
export async function openClients(names: readonly ClientName[]): Promise<(Client | MissingClient)[]> {
  const clients: (Client | MissingClient)[] = [];
  if (names.includes("fetch")) clients.push(await fetchClient());
  if (names.includes("undici")) clients.push(undiciClient(await importRival<Undici>("undici")));
  return clients;
}

async function fetchClient(): Promise<Client> {
  const RuntimePool = await poolOfRuntime();
  return {
    name: "fetch",
    source: RuntimePool === undefined ? "the runtime's own fetch and its shared pool" : `the runtime's own fetch (undici ${process.versions["undici"]})`,
    connectionLimit: () => Number.POSITIVE_INFINITY,
    open() {
      const dispatcher = RuntimePool === undefined ? undefined : new RuntimePool();
      return {
        async get(address, scope) {
          const response = await fetch(address, { signal: scope?.signal ?? null, dispatcher } as RequestInit);
          const bytes = (await response.arrayBuffer()).byteLength;
          if (!response.ok) throw new HttpError(address, response.status);
          return bytes;
        },
        ...closing(dispatcher),
      };
    },
  };
}

function undiciClient(undici: Rival<Undici>): Client | MissingClient {
  if ("missing" in undici) return { name: "undici", missing: undici.missing };
  const { Agent, request } = undici.module;
  return {
    name: "undici",
    source: `undici ${undici.version}, request() with an Agent`,
    connectionLimit: (connections) => connections,
    open(connections) {
      const dispatcher = new Agent({ connections });
      return {
        async get(address, scope) {
          const { statusCode, body } = await request(address, { signal: scope?.signal, dispatcher });
          const bytes = (await body.arrayBuffer()).byteLength;
          if (statusCode < 200 || statusCode > 299) throw new HttpError(address, statusCode);
          return bytes;
        },
        ...closing(dispatcher),
      };
    },
  };
}

function closing(dispatcher: Dispatcher | undefined): Omit<Pool, "get"> {
  return {
    async close() {
      await dispatcher?.close();
      return dispatcher !== undefined;
    },
    destroy() {
      // What was under way rejects; that closing then fails too is no news.
      void dispatcher?.destroy().catch(() => {});
    },
  };
}

/**
 * The class of the pool behind Node's fetch, which has no public name: the constructor of the one it made for itself.
 * Runtimes without it (Bun, Deno) share one pool between all batches.
 */
async function poolOfRuntime(): Promise<DispatcherClass | undefined> {
  await fetch("data:,");
  const slots = globalThis as unknown as Record<symbol, Dispatcher | undefined>;
  const own = slots[Symbol.for("undici.globalDispatcher.2")] ?? slots[Symbol.for("undici.globalDispatcher.1")];
  return own?.constructor as DispatcherClass | undefined;
}
