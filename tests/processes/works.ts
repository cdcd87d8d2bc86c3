/** What the tests of processes run in them. */
import { once } from "node:events";
import { sleepForever } from "espalier";
import { callback, work } from "espalier/executor";

export class Unforeseen extends Error {
  readonly code = "UNFORESEEN";
}

/** Told by works with the pid of their process: that they have begun. */
export const begun = callback<number>(import.meta, "begun");
export const ask = callback<Uint8Array, Uint8Array>(import.meta, "ask");

export const pidOf = work(import.meta, "pidOf", () => process.pid);
export const echo = work(import.meta, "echo", (value: unknown) => value);
export const exits = work(import.meta, "exits", (code: number) => process.exit(code));
export const bufferBytes = work(import.meta, "bufferBytes", (view: ArrayBufferView) => view.buffer.byteLength);
export const sharedResult = work(import.meta, "sharedResult", () => ({ rows: [new Int32Array(new SharedArrayBuffer(8))] }));
export const environment = work(import.meta, "environment", (name: string) => ({ value: process.env[name], argv: process.argv.slice(2), cwd: process.cwd(), execArgv: process.execArgv }));

export const given = work(import.meta, "given", (length: number, scope) => {
  const bytes = new Uint8Array(length);
  scope.caller.transfer(bytes.buffer);
  return bytes;
});

/** Waits for ever. */
export const waits = work(import.meta, "waits", async (_: void, scope) => {
  await scope.caller.call(begun, process.pid);
  await sleepForever(scope);
});

export const timeLeft = work(import.meta, "timeLeft", (_: void, scope) => scope.deadline - scope.now());

/** Waits until it has been given more time. */
export const extended = work(import.meta, "extended", async (_: void, scope) => {
  const until = scope.deadline;
  await scope.caller.call(begun, process.pid);
  while (scope.deadline === until) await new Promise((resolve) => setImmediate(resolve));
  return scope.deadline - scope.now();
});

/** Is busy until it sees its cancellation. */
export const busy = work(import.meta, "busy", (_: void, scope) => {
  scope.caller.callBlocking(begun, process.pid);
  for (;;) scope.throwIfCancelled();
});

/** Is busy, and sees nothing. */
export const deaf = work(import.meta, "deaf", (_: void, scope) => {
  scope.caller.callBlocking(begun, process.pid);
  for (;;);
});

/** Ends with the first signal it gets. */
export const listens = work(import.meta, "listens", async (signal: string, scope) => {
  const got = once(process, signal);
  await scope.caller.call(begun, process.pid);
  return got;
});

export const asks = work(import.meta, "asks", (bytes: number, scope) => scope.caller.callBlocking(ask, new Uint8Array(bytes)).byteLength);

export const throwsLater = work(import.meta, "throwsLater", () => {
  setImmediate(() => {
    throw new Unforeseen("in a callback");
  });
  return new Promise(() => {});
});

export const hoards = work(import.meta, "hoards", () => {
  const all: unknown[] = [];
  for (;;) all.push(Array.from({ length: 1_000 }, (_, at) => ({ at })));
});

export const disconnects = work(import.meta, "disconnects", () => {
  process.disconnect!();
  return new Promise(() => {});
});

export const chats = work(import.meta, "chats", () => {
  for (const message of ["hello", 5, null, [], { kind: 11 }, Buffer.from("bytes")]) process.send!(message);
  return "said";
});
