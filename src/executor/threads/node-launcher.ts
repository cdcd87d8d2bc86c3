/** Worker threads of Node.js, Bun and Deno. */
import { availableParallelism } from "node:os";
import { MessageChannel, receiveMessageOnPort, Worker, type WorkerOptions } from "node:worker_threads";
import type { Carrier, CarrierEvents, Launcher } from "../pool/carrier.ts";
import { Claims } from "../wire/claims.ts";
import type { Message } from "../wire/messages.ts";
import type { ThreadOptions } from "./options.ts";

/** What a worker thread is started with. */
export interface ThreadData {
  readonly port: import("node:worker_threads").MessagePort;
  readonly memory: SharedArrayBuffer;
  readonly perWorker: number;
}

// Beside this file, whether it runs from source or was built.
const entry = new URL(import.meta.url.endsWith(".ts") ? "./entry.ts" : "./entry.js", import.meta.url);

export function threadLauncher(options: ThreadOptions): Launcher {
  return {
    parallelism: availableParallelism(),
    sharesMemory: true,
    launch: (events) => launch(events, options),
    later(ms, callback) {
      const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

function launch(events: CarrierEvents, { perWorker = 1, resourceLimits, env, execArgv, argv }: ThreadOptions): Carrier {
  const claims = new Claims();
  const { port1: port, port2 } = new MessageChannel();
  const workerData: ThreadData = { port: port2, memory: claims.memory, perWorker };
  const options: WorkerOptions = { workerData, transferList: [port2] };
  if (resourceLimits !== undefined) options.resourceLimits = resourceLimits;
  if (env !== undefined) options.env = env;
  if (execArgv !== undefined) options.execArgv = [...execArgv];
  if (argv !== undefined) options.argv = [...argv];
  const worker = new Worker(entry, options);
  let failure: unknown;
  port.on("message", (message: Message) => events.received(message));
  worker.on("error", (error: unknown) => (failure = error));
  worker.on("exit", (code: number) => {
    // Its last words may still be in the port.
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) events.received(next.message as Message);
    port.close();
    events.died(failure === undefined ? { exit: code } : { exit: code, error: failure });
  });
  return {
    claims,
    label: `worker thread ${worker.threadId}`,
    post: (message, transfer) => port.postMessage(message, transfer as never),
    kill: () => void worker.terminate(),
    hold(isHeld) {
      if (isHeld) {
        port.ref();
        worker.ref();
      } else {
        port.unref();
        worker.unref();
      }
    },
  };
}
