/** What a pool needs of a platform: workers that take messages, and end. */
import type { Transferable } from "../contract.ts";
import type { Claims } from "../wire/claims.ts";
import type { Message } from "../wire/messages.ts";
import type { Clone } from "../wire/uncloneable.ts";
import type { Call } from "./call.ts";

/** The pool's side of one worker. */
export interface Carrier {
  /** Words that it shares with the worker, where it can. */
  readonly claims: Claims | undefined;
  /** For messages: "worker thread 3", "process 4711". */
  readonly label: string;
  /** Sends; throws for what cannot be sent, and has sent nothing then. */
  post(message: Message, transfer?: readonly Transferable[]): void;
  /** Cancels, in ways of the platform beside the message (a signal), what a worker runs that is to be terminated. */
  warn?(): void;
  /** How it copies what it sends, to tell which part of a value it refuses: `structuredClone` by default. */
  readonly clone?: Clone;
  /** Ends it now, whatever it runs. `died` follows, as after every end. */
  kill(): void;
  /** Whether the program is kept alive by it. */
  hold(isHeld: boolean): void;
}

/** Told by a carrier: nothing before `launch` has returned, and nothing after `died`. */
export interface CarrierEvents {
  received(message: Message): void;
  /** What was sent and has not ended, by its slot: for a worker in this thread. */
  callAt(slot: number): Call | undefined;
  /** It is gone. */
  died(how: Death): void;
}

/** How a worker ended. */
export interface Death {
  /** What it ended with: a code, a signal. */
  readonly exit: number | string | undefined;
  /** What it did not catch. */
  readonly error?: unknown;
}

/** Starts workers. */
export interface Launcher {
  /** How many a pool has where nobody says. */
  readonly parallelism: number;
  /** Its workers are this thread: results and failures come as they are, and all is of one time. */
  readonly isHere?: boolean;
  /** Its workers are threads of this program, which write into the same memory. */
  readonly sharesMemory?: boolean;
  /** It has one worker, which is as wide as the pool may be: there are others behind it, of which the pool knows nothing. */
  readonly isWide?: boolean;
  /** Makes what was thrown of what arrived, or a promise of it: by default as threads and processes send it. */
  readonly decode?: (failure: unknown, label: string) => unknown;
  launch(events: CarrierEvents): Carrier;
  /** Calls back after so many ms, if the program still runs then; the function takes it back. */
  later(ms: number, callback: () => void): () => void;
}
