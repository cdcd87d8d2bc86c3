/** Callers, each with a server and a worker process of its own. */
import type { Queue, QueueEvents } from "bullmq";
import type { OpenExecutor } from "../../src/executor/contract.ts";
import type * as Cluster from "../../src/executor/cluster/index.ts";
import { taskGroup } from "../espalier.ts";
import { dist } from "./dist.mjs";
import { natsServer, redisServer, worker } from "./servers.ts";
import { noop } from "./works.mjs";

/** Makes an empty call, and gives its result. */
export type Call = (input: number) => PromiseLike<unknown>;
/** Runs `body` with what makes calls. */
export type Caller = <T>(body: (call: Call) => Promise<T>) => Promise<T>;

/** All that is lost is found out after this many ms, here and with BullMQ. */
export const LEASE_MS = 1_000;

export async function openCluster(servers: string, durable: boolean): Promise<OpenExecutor> {
  const { openCluster: open } = (await import(dist("executor/cluster/index.js"))) as typeof Cluster;
  return open({ servers, durable, lease: LEASE_MS });
}

const ours = (durable: boolean) => async (): Promise<Caller> => {
  const servers = await natsServer();
  await worker("espalier", servers);
  const cluster = await openCluster(servers, durable);
  return (body) => taskGroup((group) => body((input) => cluster.run(noop, input, group)));
};

/** What it is made of: a request and its answer, each a message, and nothing else. */
async function bare(): Promise<Caller> {
  const { connect } = await import("@nats-io/transport-node");
  const servers = await natsServer();
  await worker("bare", servers);
  const connection = await connect({ servers });
  return (body) => body(async (input) => (await connection.request("noop", JSON.stringify(input), { timeout: 10_000 })).json());
}

/** Connected to a Redis of its own. */
export async function openBull(): Promise<{ port: number; queue: Queue; events: QueueEvents }> {
  const [{ Queue, QueueEvents }, { Redis }] = await Promise.all([import("bullmq"), import("ioredis")]);
  const port = await redisServer();
  const connect = () => new Redis({ host: "127.0.0.1", port, maxRetriesPerRequest: null });
  return { port, queue: new Queue("bench", { connection: connect() }), events: new QueueEvents("bench", { connection: connect() }) };
}

async function bullmq(): Promise<Caller> {
  const { port, queue, events } = await openBull();
  await worker("bullmq", port);
  await events.waitUntilReady();
  for (const emitter of [queue, events]) emitter.setMaxListeners(0);
  return (body) => body(async (input) => (await queue.add("noop", input)).waitUntilFinished(events));
}

export const callers = { "espalier, direct": ours(false), "espalier, durable": ours(true), "bare NATS": bare, "BullMQ": bullmq };
