/**
 * What a pool and a worker say to one another: flat arrays, of which the first entry says what it is. Calls and results go in batches,
 * so that what a message costs is paid once for many.
 */
import type { CancelSource } from "../../errors/cancelled.ts";

/** From the pool to a worker. */
export const WORK = 0; // index, url, name
export const CALLS = 1; // then for each: slot, generation, index of the work, input, extra
export const CANCEL = 2; // slot, generation, source, by, reason
export const REPLY = 3; // id of the request, whether it succeeded, value or failure
export const CLOSE = 4; // ends when nothing runs any more
export const DEADLINE = 5; // slot, generation, when its time is over, in ms since 1970, or undefined

/** From a worker to its pool. */
export const READY = 10;
export const RESULTS = 11; // then for each: slot, status, value or failure, ms it ran
export const REQUEST = 12; // slot, id, id of what was offered, input, whether the worker blocks
export const HEAP = 13; // bytes in use
export const ENDED = 14; // where the platform does not tell
export const DROP = 15; // id of a request: who asked does not wait any more

export const CALL_LENGTH = 5;
export const RESULT_LENGTH = 4;

/** How a call ended. */
export const SUCCEEDED = 0;
export const FAILED = 1;
export const CANCELLED = 2;
/** It failed with what ran it there, which was no worker of this pool but of another one behind it. */
export const DIED = 3;
export type Status = typeof SUCCEEDED | typeof FAILED | typeof CANCELLED | typeof DIED;

export type Message = [kind: number, ...rest: unknown[]];

/** What few calls have. */
export interface Extra {
  /** When its time is over, in ms since 1970. */
  readonly deadline?: number | undefined;
  /** Its worker may be ended with it: what others have finished there must be out before it begins. */
  readonly isTerminable?: boolean | undefined;
  /** What it may call back. */
  readonly offers?: readonly string[] | undefined;
  /** What the call is known by. */
  readonly key?: string | undefined;
  /** The values of the context variables that travel, by name. */
  readonly context?: readonly (readonly [name: string, value: unknown])[] | undefined;
}

/** A cancellation as it is sent. */
export type Cancelling = [source: CancelSource, by: string, reason: unknown];
