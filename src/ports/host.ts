/**
 * What the core needs from a runtime. One implementation for each (`host/`), chosen once, at import, by the
 * `#host` condition of the package.
 */
export interface Host {
  /** `"node"`, `"bun"`, `"deno"` or `"browser"`. */
  readonly runtime: string;
  /** Milliseconds that never run backwards. */
  now(): number;
  /**
   * A native timer that keeps the process alive; `ms` is at most 2^31 - 1. The callback must not run in, nor
   * the timer retain, the async context of whoever happens to set it.
   */
  setTimer(callback: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** Runs `callback` in a later turn, after timers and I/O that are due had theirs. */
  nextTurn(callback: () => void): void;
  /**
   * What keeps the event loop alive, by type, one entry for each: where the runtime's answer is whole enough to conclude
   * something from its silence (Node.js).
   */
  readonly resources?: () => readonly string[];
  /** Tells the developer something, as the runtime tells its own warnings; where there is no such way, the console does. */
  readonly warn?: (message: string) => void;
  /** A variable of the environment, where there is one and the program may read it: never asks for leave, never throws. */
  readonly variable?: (name: string) => string | undefined;
  /** The process the program runs in, where there is one that can be signalled and ended. */
  readonly process?: HostProcess;
}

/** Signals and the end of a process, for `run`. */
export interface HostProcess {
  /** Calls `listener` for each of these signals until the returned function is called. */
  onSignals(signals: readonly string[], listener: (signal: string) => void): () => void;
  /** The number of a signal, as in `128 + number`. */
  signalNumber(signal: string): number;
  /** The code with which the process will exit, also when an error goes uncaught. */
  exitWith(code: number): void;
  /** Ends the process now. */
  exit(code: number): void;
  /** Keeps the process alive until the returned function is called. */
  keepAlive(): () => void;
}
