/** What tests need of the runtime, in a page or a web worker: the place of ../runtime.ts. */
import { armedTimers } from "../timers.ts";

export interface Report {
  readonly event: "unhandledRejection" | "uncaughtException" | "warning";
  readonly error: unknown;
}

interface Rejection extends Event {
  readonly reason: unknown;
  readonly promise: Promise<unknown>;
}
interface Uncaught extends Event {
  readonly error: unknown;
}

type Listener = (event: Rejection & Uncaught) => void;

/** Who hears of what reached nobody: the one who said so last. */
const hearers: Record<"error" | "unhandledrejection", Listener[]> = { error: [], unhandledrejection: [] };

for (const [type, listeners] of Object.entries(hearers)) {
  (globalThis as unknown as EventTarget).addEventListener(type, (event) => {
    event.preventDefault();
    listeners.at(-1)?.(event as Rejection & Uncaught);
  });
}

function hear(type: keyof typeof hearers, listener: Listener): () => void {
  hearers[type].push(listener);
  return () => void hearers[type].splice(hearers[type].lastIndexOf(listener), 1);
}

/** Hears of all of it that no test wants to hear of. */
export function hearOthers(listener: (error: unknown) => void): void {
  hearers.error.unshift(({ error }) => listener(error));
  hearers.unhandledrejection.unshift(({ reason }) => listener(reason));
}

export function hearReports(listener: (report: Report) => void): () => void {
  const warn = console.warn;
  console.warn = (error: unknown) => listener({ event: "warning", error });
  const restore = [
    hear("unhandledrejection", ({ reason }) => listener({ event: "unhandledRejection", error: reason })),
    hear("error", ({ error }) => listener({ event: "uncaughtException", error })),
    (): void => void (console.warn = warn),
  ];
  return () => {
    for (const undo of restore) undo();
  };
}

export function hearRejections(listener: (error: unknown, promise: Promise<unknown>) => void): () => void {
  return hear("unhandledrejection", ({ reason, promise }) => listener(reason, promise));
}

export { armedTimers as nativeTimers } from "../timers.ts";

/** A test clock looks after what it waits for by timers that on Node.js keep nothing alive, and are not told. They are short. */
const LONGEST_LOOK_MS = 300;

export async function timersLeft(expected: number, patienceMs: number): Promise<number> {
  const longestMs = Math.max(patienceMs, LONGEST_LOOK_MS);
  const began = performance.now();
  while (armedTimers() > expected && performance.now() - began < longestMs) await turn();
  return armedTimers();
}

const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()?.();

export function turn(): Promise<void> {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(undefined);
  });
}

export function reported(): Promise<void> {
  return new Promise((resolve) => {
    // They are reported in their order.
    const last = new Error("the last");
    const forget = hear("unhandledrejection", (event) => {
      if (event.reason !== last) return hearers.unhandledrejection.at(-2)?.(event);
      forget();
      resolve();
    });
    void Promise.reject(last);
  });
}

export function programs(count: number): number {
  return Math.ceil(count / ((globalThis as { fewerPrograms?: number }).fewerPrograms ?? 1));
}

export function variable(_name: string): undefined {}

/** Chromium is started with --js-flags=--expose-gc. */
export function collectGarbage(): void {
  (globalThis as unknown as { gc(): void }).gc();
}

export function heapUsed(): number {
  return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
}
