/** What the two sides of a process agree on. */

/** What a process is started with, as JSON in its environment. */
export interface Boot {
  readonly perWorker: number;
  /** Beside those that a terminal or a service manager sends to all. */
  readonly cancelSignal: NodeJS.Signals;
}

/** Where it is. The process takes it out: what it starts itself does not have it. */
export const BOOT = "ESPALIER_PROCESS";

/** The descriptor of the pipe. */
export const PIPE = 4;

/** A message of the process about its own end: what it did not catch. */
export const UNCAUGHT = 20;
