/** Whether this thread or process is a worker. In one, works call executors, and nobody else has a reason to. */

let isWorking: (() => boolean) | undefined;

/** Told by a worker when it begins. */
export function beWorker(runsSomething: () => boolean): void {
  isWorking = runsSomething;
}

/** A worker, in which no work runs: who acts here is a module that was only to be imported. */
export function isIdleWorker(): boolean {
  return isWorking?.() === false;
}
