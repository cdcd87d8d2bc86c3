/**
 * A thread beside the works of a process, which reads the pipe from the pool however busy they are.
 *
 *   1. When the pipe ends, the pool's process is gone, in whatever way: this one is ended at once.
 *   2. A cancellation is handed to the works, and then shown in shared memory; so is the answer that a work waits for.
 *   3. What a waiting work asks goes out here: its own thread cannot send while it waits.
 *   4. Where this thread fails, the process is ended: the works' thread may wait for it, and could not be told.
 */
import { createReadStream, writeSync } from "node:fs";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { Claims, SLOTS } from "../wire/claims.ts";
import { PIPE } from "./boot.ts";
import { Frames } from "./frames.ts";

/** What it is started with. */
export interface WatchData {
  readonly port: import("node:worker_threads").MessagePort;
  readonly memory: SharedArrayBuffer;
}

const { port, memory } = workerData as WatchData;
const words = new Claims(memory);
const frames = new Frames();

function take(chunk: Uint8Array): void {
  for (const { slot, generation, content } of frames.take(chunk)) {
    // First the message: who sees the word looks for it.
    port.postMessage(content, [content.buffer as ArrayBuffer]);
    if (generation === 0) words.replied();
    else if (slot < SLOTS) words.cancel(slot, generation);
  }
}

const end = (): void => void process.kill(process.pid, "SIGKILL");
process.on("uncaughtException", (error) => {
  writeSync(2, `espalier: the watch thread of process ${process.pid} failed: ${error.stack}\n`);
  end();
});

// Bun gives no events of a socket that it did not open; reading it as a file does.
const isBun = process.versions["bun"] !== undefined;
const pipe = isBun ? createReadStream("", { fd: PIPE }) : new Socket({ fd: PIPE, readable: true, writable: true });
pipe.on("data", take as (chunk: string | Buffer) => void);
pipe.on("end", end);
pipe.on("error", end);
port.on("message", (bytes: Uint8Array) => {
  if (pipe instanceof Socket) pipe.write(bytes);
  else for (let at = 0; at < bytes.byteLength; ) at += writeSync(PIPE, bytes, at);
});
