import { AsyncResource } from "node:async_hooks";
import { fstatSync } from "node:fs";
import { constants } from "node:os";
import type { Host } from "../ports/host.ts";
import { attachProbe } from "../scope/watch.ts";

/** Made at import, outside every async context: what runs in it neither sees nor keeps a caller's store (X04). */
const outside = new AsyncResource("espalier");

/** Node.js. Bun and Deno have the same modules, and are told apart by name and by whether one may read a variable. */
export function nodeHost(runtime: string, mayRead: (variable: string) => boolean = () => true): Host {
  return {
    runtime,
    variable: (name) => (mayRead(name) ? process.env[name] : undefined),
    now: () => performance.now(),
    setTimer: (callback, ms) => outside.runInAsyncScope(setTimeout, undefined, callback, ms),
    clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    // Outside as well: Bun keeps the store of an immediate long after its turn.
    nextTurn: (callback) => void outside.runInAsyncScope(setImmediate, undefined, callback),
    // Bun's answer is always empty, and Deno's knows no sockets.
    ...(runtime === "node" ? { resources: activeResources } : undefined),
    warn: (message) => process.emitWarning(message, { type: "EspalierWarning" }),
    process: {
      onSignals(signals, listener) {
        const forget = (): void => {
          for (const signal of signals) process.off(signal, listener);
        };
        try {
          for (const signal of signals) process.on(signal, listener);
        } catch (error) {
          forget();
          throw new TypeError(`These signals cannot all be listened to: ${signals.join(", ")}. SIGKILL and SIGSTOP never can.`, { cause: error });
        }
        return forget;
      },
      signalNumber: (signal) => constants.signals[signal as NodeJS.Signals] ?? 0,
      exitWith(code) {
        process.exitCode = code;
        // An uncaught error sets the code to 1 on its way out, and this comes after it.
        process.once("exit", () => {
          process.exitCode = code;
          // Bun has decided by then, but for this.
          if (runtime === "bun") process.exit(code);
        });
      },
      exit: (code) => void process.exit(code),
      keepAlive() {
        const timer = setInterval(() => {}, 2 ** 30);
        return () => clearInterval(timer);
      },
    },
  };
}

/** What keeps the event loop alive, but for the process's own pipes: they are made when something is first printed. */
function activeResources(): string[] {
  let pipes = (stdioPipes ??= [0, 1, 2].filter(isPipe).length);
  return process.getActiveResourcesInfo().filter((type) => type !== "PipeWrap" || pipes-- <= 0);
}

let stdioPipes: number | undefined;

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    // Closed.
    return false;
  }
}

export const host: Host = nodeHost("node");

// For who watches the program from outside (`espalier inspect`), beside its forests: see scope/node.ts.
((globalThis as unknown as Record<symbol, unknown[] | undefined>)[Symbol.for("espalier.probes")] ??= []).push(attachProbe);
