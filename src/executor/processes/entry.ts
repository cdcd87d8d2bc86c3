/** What runs in a process of Node.js, Bun and Deno. */
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { classOf } from "../modules.ts";
import { Claims, SLOTS } from "../wire/claims.ts";
import { encodeFailure } from "../wire/failure.ts";
import { type Message, REQUEST } from "../wire/messages.ts";
import type { Link } from "../worker/link.ts";
import { Server } from "../worker/server.ts";
import { BOOT, type Boot, UNCAUGHT } from "./boot.ts";
import { decode, deserialize, encode, serialize } from "./codec.ts";
import { frame } from "./frames.ts";
import { handOver } from "./hand-over.ts";
import { withDeadlines } from "./time-left.ts";
import type { WatchData } from "./watch.ts";

const { perWorker, cancelSignal } = JSON.parse(process.env[BOOT]!) as Boot;
delete process.env[BOOT];

const words = new Claims();
const { port1: port, port2 } = new MessageChannel();

/** Messages on their way: it does not end before they are out. */
let unsent = 0;
/** With which it is about to end. */
let exitCode: number | undefined;

const sent = (): void => {
  unsent--;
  if (exitCode !== undefined && unsent === 0) process.exit(exitCode);
};

function send(message: Message): void {
  unsent++;
  process.send!(message, undefined, undefined, sent);
}

function endWith(code: number): void {
  exitCode = code;
  unsent++;
  sent();
}

const link: Link = {
  claims: undefined,
  signals: {
    // Who is beyond hears by a message, when it is not busy.
    isCancelled: (slot, generation) => slot < SLOTS && words.isCancelled(slot, generation),
    get replies() {
      return words.replies;
    },
    awaitReply: (seen) => words.awaitReply(seen),
  },
  canListen: true,
  label: `process ${process.pid}`,
  clone: serialize,
  post(message, transfer) {
    // The last entry of a request says that the work waits for the answer.
    if (message[0] === REQUEST && message[5] === true) return port.postMessage(frame({ slot: 0, generation: 0, content: serialize(message) }));
    const encoded = encode(message);
    handOver(transfer);
    send(encoded);
  },
  receive() {
    const received = receiveMessageOnPort(port);
    return received === undefined ? undefined : (deserialize(received.message as Uint8Array) as Message);
  },
  nextTurn: (callback) => void setImmediate(callback),
  isQuiet: () => false,
  heap: () => process.memoryUsage().heapUsed,
  end: () => endWith(0),
};

const server = new Server(link, perWorker);
// After the first message, and before the first work: the thread starts while that is on its way.
const workerData: WatchData = { port: port2, memory: words.memory };
new Worker(new URL(import.meta.url.endsWith(".ts") ? "./watch.ts" : "./watch.js", import.meta.url), { workerData, transferList: [port2], execArgv: [] }).unref();
port.unref();

process.on("message", (received) => {
  const message = decode(received);
  if (message !== undefined) server.received(withDeadlines(message));
});
process.on("exit", () => server.flush());
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
const tellUncaught = (error: unknown): void => send(encode([UNCAUGHT, encodeFailure(error, classOf)]));
process.on("uncaughtExceptionMonitor", tellUncaught);
// Bun asks no monitor about a rejection. Who listens would keep it alive: unless a work listens as well, it ends as it would have.
if (process.versions["bun"] !== undefined) {
  process.on("unhandledRejection", (reason) => {
    if (process.listenerCount("unhandledRejection") > 1) return;
    tellUncaught(reason);
    endWith(1);
  });
}

// Whoever presses Ctrl-C means the pool's process, and that decides. So does who stops a service.
for (const signal of new Set<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP", cancelSignal])) {
  try {
    process.on(signal, () => {});
  } catch {
    // SIGKILL, and what a platform does not have: nobody can listen for that.
  }
}
