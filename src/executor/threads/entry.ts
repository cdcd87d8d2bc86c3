/** What runs in a worker thread of Node.js, Bun and Deno. */
import { receiveMessageOnPort, threadId, workerData } from "node:worker_threads";
import { Claims } from "../wire/claims.ts";
import type { Message } from "../wire/messages.ts";
import type { Link } from "../worker/link.ts";
import { Server } from "../worker/server.ts";
import type { ThreadData } from "./node-launcher.ts";

const { port, memory, perWorker } = workerData as ThreadData;

/** What keeps this thread going beside the port: a work that set a timer, or opened something, must not be slept over. */
const isSilent = (): boolean => process.getActiveResourcesInfo().every((type) => type === "MessagePort");
/** Bun and Deno cannot tell. */
const canTell = process.versions.bun === undefined && process.versions["deno"] === undefined;

const link: Link = {
  claims: new Claims(memory),
  canListen: true,
  label: `worker thread ${threadId}`,
  post: (message, transfer) => port.postMessage(message, transfer as never),
  receive: () => receiveMessageOnPort(port)?.message as Message | undefined,
  nextTurn: (callback) => void setImmediate(callback),
  isQuiet: () => canTell && isSilent(),
  heap: () => process.memoryUsage().heapUsed,
  end: () => process.exit(0),
};

const server = new Server(link, perWorker);
port.on("message", (message: Message) => server.received(message));
process.on("exit", () => server.flush());
