/**
 * What Node.js says is under way outside of the library. Other runtimes' answers are too blind to conclude anything from.
 *
 * The answer lists what keeps the event loop alive: requests, open handles, timers, turns to come. Not in it are what
 * was unref'd, and what runs in threads of the runtime without a request object: crypto, zlib, WebAssembly, and on
 * Node.js 26.10 `readFile` as well.
 *
 * What was open when this module was loaded belongs to whoever runs the tests (its pipes, its timers), and so do as many of
 * the same type later. Requests and turns are never counted so: they end.
 */
import { host } from "#host";
import { timersSet, turnsToCome } from "./turns.ts";

/** What is under way beyond what belongs to the test runner. */
export interface UnderWay {
  /** Requests that always end, soon: to a file, to a name server, a connection that is being made. */
  readonly requests: readonly string[];
  /** Open handles, of which nobody knows whether anything comes of them: sockets, child processes, threads. */
  readonly handles: readonly string[];
  /** Whether there is anything at all, timers and turns to come included. */
  readonly isAnything: boolean;
}

/** A write or a shutdown ends only when somebody reads, so it is none of these. (The runner's own output is written so.) */
const REQUEST = /Req|ConnectWrap$/;
/** Nothing comes of these by themselves, or nothing that the handle to which they belong does not tell. */
const IDLE = new Set(["TTYWrap", "TCPServerWrap", "PipeServerWrap", "SimpleWriteWrap", "WriteWrap", "ShutdownWrap"]);

const baseline = new Map<string, number>();
for (const [type, count] of census()) if (!REQUEST.test(type) && type !== "Immediate") baseline.set(type, count);

/** What is under way now; `undefined` where the platform cannot tell. `timers` of ours do not count. */
export function underWay(timers = 0): UnderWay | undefined {
  if (host.resources === undefined) return undefined;
  const now = census();
  // What the runner closed is not there to hide what the test opens.
  for (const [type, count] of baseline) baseline.set(type, Math.min(count, now.get(type) ?? 0));
  const requests: string[] = [];
  const handles: string[] = [];
  let isAnything = false;
  for (const [type, count] of now) {
    const ours = type === "Immediate" ? turnsToCome() : type === "Timeout" ? timers + timersSet() : 0;
    const more = count - (baseline.get(type) ?? 0) - ours;
    if (more <= 0 || type === "TTYWrap") continue;
    isAnything = true;
    if (REQUEST.test(type)) requests.push(named(type, more));
    else if (type !== "Immediate" && type !== "Timeout" && !IDLE.has(type)) handles.push(named(type, more));
  }
  return { requests, handles, isAnything };
}

/** How many native timers there are beyond those of whoever runs the tests; 0 where the platform cannot tell. */
export function nativeTimers(): number {
  return (census().get("Timeout") ?? 0) - (baseline.get("Timeout") ?? 0) - timersSet();
}

function census(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of host.resources?.() ?? []) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function named(type: string, count: number): string {
  return count === 1 ? type : `${count} × ${type}`;
}
