/**
 * The entry of a program.
 *
 *   running ── first signal ──▶ shutting down ── main settled ──▶ exit code 128 + signal
 *                                     └── second signal, or grace over ──▶ exit at once
 */
import { host } from "#host";
import { CancelledError } from "../errors/cancelled.ts";
import type { Timer } from "../ports/clock.ts";
import type { Ending } from "../ports/probe.ts";
import type { ScopeNode } from "../scope/node.ts";
import { calling } from "../scope/watch.ts";
import type { RootOptions, Scope } from "./capabilities.ts";
import { enclose, surface, timeoutOr } from "./enclose.ts";
import { requireFunction, requireMs } from "./face.ts";
import { scopeEnded } from "./misuse.ts";
import { OpenedScope } from "./opened-scope.ts";
import { under } from "./roots.ts";
import { scopeOf } from "./scopes.ts";

/** How a program is run. */
export interface RunOptions extends RootOptions {
  /** The signals that shut it down; by default SIGINT and SIGTERM. */
  signals?: readonly string[] | undefined;
  /** How long cleanup may take after the first signal, in ms; by default 10,000. */
  grace?: number | undefined;
}

/**
 * Runs a program: keeps the process alive while `main` runs. The first signal cancels the root scope, with
 * source `"shutdown"`, and cleanup has `grace` ms; then the call rejects with the CancelledError and the
 * process will exit with 128 + the signal's number. A second signal, or the end of the grace, exits at once.
 * Where there are no signals (browsers) it is a plain root.
 *
 * @example
 * ```ts
 * import { run, sleep } from "espalier";
 *
 * await run(async (scope) => {
 *   scope.defer(() => console.log("bye"));
 *   await sleep(10, scope);
 * });
 * ```
 */
export function run<T>(main: (scope: Scope) => T | PromiseLike<T>, options?: RunOptions | undefined): Promise<T> {
  const { signals = ["SIGINT", "SIGTERM"], grace = 10_000 } = options ?? {};
  try {
    requireFunction(main, "run()", "the program");
    requireMs(grace, "run()'s grace");
  } catch (error) {
    return Promise.reject(error);
  }
  return under(options, "run", ({ parent, clock, name }) => {
    if (parent.ended) throw scopeEnded(parent, "run()");
    const outer = new OpenedScope("run", parent, name ?? main, clock);
    let stop = (): void => {};
    const close = (how: Ending, error?: unknown): void => {
      stop();
      outer.finish();
      outer.leave(how, error);
    };
    try {
      stop = shutDownOn(signals, outer, grace);
    } catch (error) {
      close("failed", error);
      throw error;
    }
    const node = new OpenedScope("run", outer, name ?? main, clock);
    const scope = scopeOf(node);
    const call = enclose(node, () => calling(node, main, scope), timeoutOr(node)).then(
      (value) => {
        close("succeeded");
        return value;
      },
      (error: unknown) => {
        close(error === outer.cause ? "cancelled" : "failed", error);
        throw surface(outer, error);
      },
    );
    node.call = outer.call = call;
    return call;
  });
}

/** Cancels `root` at the first signal, and exits at the second or when the grace is over. */
function shutDownOn(signals: readonly string[], root: ScopeNode, grace: number): () => void {
  const { process } = host;
  if (process === undefined) return () => {};
  let limit: GraceTimer | undefined;
  const forgetSignals = process.onSignals(signals, (signal) => {
    const code = 128 + process.signalNumber(signal);
    if (limit !== undefined) return process.exit(code);
    process.exitWith(code);
    limit = new GraceTimer(root.clock.now() + grace, () => process.exit(code));
    if (grace !== Infinity) root.clock.arm(limit);
    root.cancelWith(new CancelledError("shutdown", root.name, signal));
  });
  const releaseProcess = process.keepAlive();
  return () => {
    forgetSignals();
    releaseProcess();
    if (limit !== undefined && limit.slot >= 0) root.clock.disarm(limit);
  };
}

class GraceTimer implements Timer {
  readonly at: number;
  readonly fire: () => void;
  slot = -1;

  constructor(at: number, fire: () => void) {
    this.at = at;
    this.fire = fire;
  }
}
