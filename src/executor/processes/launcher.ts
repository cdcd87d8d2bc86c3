/** Processes of Node.js, Bun and Deno. */
import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { exportOf } from "../modules.ts";
import type { Carrier, CarrierEvents, Death, Launcher } from "../pool/carrier.ts";
import { decodeFailure } from "../wire/failure.ts";
import { CANCEL, type Message, REPLY, REQUEST } from "../wire/messages.ts";
import { PIPE, UNCAUGHT } from "./boot.ts";
import { decode, deserialize, encode, serialize } from "./codec.ts";
import { frame, Frames } from "./frames.ts";
import { handOver } from "./hand-over.ts";
import type { ProcessOptions } from "./options.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { withTimeLeft } from "./time-left.ts";

// Beside this file, whether it runs from source or was built.
const entry = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./entry.ts" : "./entry.js", import.meta.url));

/** For the channel of a process that is gone to be read to its end: Deno does not always tell of that, nor is it one while something else has it. */
const LAST_WORDS_MS = 100;

export function processLauncher(options: ProcessOptions): Launcher {
  const settings = settingsOf(options);
  return {
    parallelism: availableParallelism(),
    launch: (events) => new ProcessCarrier(events, settings),
    later(ms, callback) {
      const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

class ProcessCarrier implements Carrier {
  readonly claims = undefined;
  readonly label: string;
  readonly clone = serialize;
  readonly #child: ChildProcess;
  /** None of one for which no descriptors were left. */
  readonly #pipe: Socket | undefined;
  readonly #cancelSignal: NodeJS.Signals;
  /** The questions of a work that waits for the answer, and hears of it through the pipe only. */
  readonly #blocking = new Set<unknown>();

  constructor(events: CarrierEvents, { argv, fork: options, cancelSignal }: Settings) {
    const child = fork(entry, [...argv], options);
    this.#child = child;
    this.#cancelSignal = cancelSignal;
    this.label = child.pid === undefined ? "A process" : `process ${child.pid}`;
    // For want of descriptors it has nothing of what is promised; of the failure it is told later.
    this.#pipe = (child.stdio as ChildProcess["stdio"] | undefined)?.[PIPE] as Socket | undefined;
    this.#listen(events);
    watchEnd(child, this.label, events);
  }

  post(message: Message, transfer?: Parameters<Carrier["post"]>[1]): void {
    const [kind, about, generation] = message;
    if (kind === REPLY && this.#blocking.has(about)) {
      const content = serialize(message);
      this.#blocking.delete(about);
      return this.#write(0, 0, content);
    }
    const encoded = encode(withTimeLeft(message));
    handOver(transfer);
    // One that is gone does not hear it, and its end is told of. One that never was has no channel.
    (this.#child as Partial<ChildProcess>).send?.(encoded, () => {});
    // For a work that is busy. By the channel too: that keeps it behind the call, and the pipe may overtake it.
    if (kind === CANCEL) this.#write(about as number, generation as number, serialize(message));
  }

  warn(): void {
    // There are no signals on Windows: that would end it.
    if (process.platform !== "win32") this.#signal(this.#cancelSignal);
  }

  kill(): void {
    this.#signal("SIGKILL");
  }

  hold(isHeld: boolean): void {
    const how = isHeld ? "ref" : "unref";
    this.#child[how]();
    // Bun has one without these.
    this.#child.channel?.[how]?.();
  }

  /** Not `child.kill`: Deno's closes the channel first, and its signals are sent once. */
  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone, and its end will be told of.
    }
  }

  #listen(events: CarrierEvents): void {
    const frames = new Frames();
    this.#pipe?.unref();
    this.#pipe?.on("error", () => {});
    this.#pipe?.on("data", (chunk: Uint8Array) => {
      for (const { content } of frames.take(chunk)) {
        const message = deserialize(content) as Message;
        if (message[0] === REQUEST) this.#blocking.add(message[2]);
        events.received(message);
      }
    });
  }

  #write(slot: number, generation: number, content: Uint8Array): void {
    if (this.#pipe?.destroyed === false) this.#pipe.write(frame({ slot, generation, content }));
  }
}

/** Tells of its messages, and of its end after the last of them. */
function watchEnd(child: ChildProcess, label: string, events: CarrierEvents): void {
  let exit: Death["exit"];
  let failure: unknown;
  let hasExited = false;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    const tell = (error: unknown): void => events.died(error === undefined ? { exit } : { exit, error });
    if (failure instanceof Promise) void failure.then(tell);
    else tell(failure);
  };
  child.on("message", (received) => {
    const message = decode(received);
    if (message?.[0] === UNCAUGHT) failure = decodeFailure(message[1], label, exportOf);
    else if (message !== undefined && !isOver) events.received(message);
  });
  child.on("exit", (code, signal) => {
    exit = signal ?? code ?? undefined;
    hasExited = true;
    if (child.connected) timer = setTimeout(() => setImmediate(over), LAST_WORDS_MS);
    else over();
  });
  child.on("disconnect", () => {
    if (hasExited) over();
  });
  child.on("error", (error) => {
    if (child.pid !== undefined) return;
    failure = error;
    over();
  });
}
