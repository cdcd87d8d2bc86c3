/**
 * What a server counts about the requests and connections that reach it.
 *
 * Promises:
 * - every request ends in exactly one of `finished` (the answer was handed over whole) and `aborted`;
 * - the failing request itself is counted in `started` only: it is nobody's sibling;
 * - "after" means after `failureSent()`, that is after the server answered the failing request. No clock is compared
 *   and no other process is asked, so the counts are exact.
 */

export interface Counts {
  readonly connections: { readonly opened: number; readonly openedAfter: number; readonly open: number; readonly peak: number };
  readonly requests: {
    readonly started: number;
    readonly startedAfter: number;
    readonly finished: number;
    readonly finishedAfter: number;
    readonly aborted: number;
    readonly inFlight: number;
  };
  readonly failed: boolean;
}

export class Tally {
  #failed = false;
  #connections = { opened: 0, openedAfter: 0, open: 0, peak: 0 };
  #requests = { started: 0, startedAfter: 0, finished: 0, finishedAfter: 0, aborted: 0, inFlight: 0 };

  get inFlight(): number {
    return this.#requests.inFlight;
  }

  get openConnections(): number {
    return this.#connections.open;
  }

  connectionOpened(): void {
    const connections = this.#connections;
    connections.opened++;
    if (this.#failed) connections.openedAfter++;
    connections.open++;
    connections.peak = Math.max(connections.peak, connections.open);
  }

  connectionClosed(): void {
    this.#connections.open--;
  }

  requestStarted(): void {
    this.#requests.started++;
    if (this.#failed) this.#requests.startedAfter++;
    this.#requests.inFlight++;
  }

  requestFinished(): void {
    this.#requests.inFlight--;
    this.#requests.finished++;
    if (this.#failed) this.#requests.finishedAfter++;
  }

  requestAborted(): void {
    this.#requests.inFlight--;
    this.#requests.aborted++;
  }

  /** The failing request leaves the books here, before its answer is written. */
  failureSent(): void {
    this.#requests.inFlight--;
    this.#failed = true;
  }

  counts(): Counts {
    return { connections: { ...this.#connections }, requests: { ...this.#requests }, failed: this.#failed };
  }
}
