/** Web workers of browsers. Where the page is cross-origin isolated they share memory with it, else a worker has one call at a time. */
import type { Carrier, CarrierEvents, Launcher } from "../pool/carrier.ts";
import { Claims } from "../wire/claims.ts";
import { ENDED, type Message } from "../wire/messages.ts";
import type { ThreadOptions } from "./options.ts";

/** The first message to a web worker. */
export interface WebThreadData {
  readonly port: MessagePort;
  readonly memory: SharedArrayBuffer | undefined;
  readonly perWorker: number;
  readonly label: string;
}

/** As much of the platform's types as is used: no other file is of a browser alone. */
interface WebWorker {
  postMessage(data: unknown, transfer: readonly unknown[]): void;
  terminate(): void;
  onerror: ((event: { readonly message?: string; readonly error?: unknown; preventDefault(): void }) => void) | null;
}
declare const Worker: new (url: URL, options: { readonly type: "module"; readonly name: string }) => WebWorker;
declare const navigator: { readonly hardwareConcurrency?: number };
declare const crossOriginIsolated: boolean | undefined;

const isIsolated = typeof crossOriginIsolated === "boolean" && crossOriginIsolated;
let started = 0;

export function threadLauncher(options: ThreadOptions): Launcher {
  return {
    parallelism: navigator.hardwareConcurrency ?? 2,
    sharesMemory: isIsolated,
    launch: (events) => launch(events, options),
    later(ms, callback) {
      const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
      return () => clearTimeout(timer);
    },
  };
}

function launch(events: CarrierEvents, { perWorker = 1 }: ThreadOptions): Carrier {
  const label = `web worker ${++started}`;
  const claims = isIsolated ? new Claims() : undefined;
  const { port1: port, port2 } = new MessageChannel();
  // Written out like this, bundlers know it for a worker and bundle that too.
  const worker = new Worker(new URL("./web-entry.js", import.meta.url), { type: "module", name: label });
  const data: WebThreadData = { port: port2, memory: claims?.memory, perWorker, label };
  worker.postMessage(data, [port2]);
  let isGone = false;
  const gone = (error?: unknown): void => {
    if (isGone) return;
    isGone = true;
    worker.terminate();
    port.close();
    // Nobody tells when a worker is really gone; it runs no further statement.
    setTimeout(() => events.died(error === undefined ? { exit: undefined } : { exit: undefined, error }), 0);
  };
  port.onmessage = ({ data: message }: { readonly data: Message }) => {
    if (message[0] === ENDED) gone();
    else events.received(message);
  };
  // In a browser a worker outlives what it did not catch. Elsewhere it does not, and the call that threw it would never end.
  worker.onerror = (event) => {
    event.preventDefault();
    gone(event.error ?? new Error(event.message ?? "The module of the worker could not be loaded."));
  };
  return {
    claims,
    label,
    post: (message, transfer) => port.postMessage(message, (transfer ?? []) as never),
    kill: () => gone(),
    hold() {},
  };
}
