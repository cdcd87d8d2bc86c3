/** What a worker needs of its platform: the other side, and a way to rest. */
import type { Transferable } from "../contract.ts";
import type { Claims } from "../wire/claims.ts";
import type { Message } from "../wire/messages.ts";
import type { Clone } from "../wire/uncloneable.ts";

/** The part of claims that says what has come. */
export type Signals = Pick<Claims, "isCancelled" | "replies" | "awaitReply">;

export interface Link {
  readonly claims: Claims | undefined;
  /** Shared words by which it hears of cancellations and replies while it is busy: by default the claims. */
  readonly signals?: Signals;
  /** For errors: "worker thread 3". */
  readonly label: string;
  /** Sends; throws for what cannot be sent. */
  post(message: Message, transfer?: readonly Transferable[]): void;
  /** How it copies what it sends, to tell which part of a value it refuses: `structuredClone` by default. */
  readonly clone?: Clone;
  /** Whether a message can be had without going back to the event loop. */
  readonly canListen: boolean;
  /** The next message that is there already, where the platform can look; else `undefined`. */
  receive(): Message | undefined;
  /** Calls back in a later turn, after timers and I/O. */
  nextTurn(callback: () => void): void;
  /** Whether nothing but messages can still happen here, so that it may sleep; false where the platform cannot tell. */
  isQuiet(): boolean;
  /** Bytes of heap in use, where the platform tells. */
  heap?(): number;
  /** Ends this worker: nothing is left to do. */
  end(): void;
}
