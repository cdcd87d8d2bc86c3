/**
 * What callers and workers of a cluster need of whatever carries their messages: subjects, queue groups, and to be told where nobody
 * listens. NATS is one; the tests have another, in memory.
 */

import type { Durable, Store } from "./durable.ts";
import type { Subjects } from "./subjects.ts";

/** How messages are kept. */
export interface DurableOptions extends Keeping {
  readonly subjects: Subjects;
}

export interface Keeping {
  /** On so many servers. */
  readonly replicas: number;
  /** What is done is known for so many ms; 0 is for ever. */
  readonly remember: number;
}

/** A message that has come. */
export interface Incoming {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Where an answer goes. */
  readonly reply: string | undefined;
  /** It is no message: what was published with this subject as its `reply` found nobody. */
  readonly isUnheard: boolean;
}

export interface Subscription {
  /** Nothing more is sent here; what has been is still given. Settles when that is over. */
  end(): Promise<void>;
}

export interface Transport {
  /** The most bytes of one message. */
  readonly maxPayload: number;
  /** Sends, in order, at most once. Nothing is known of its arrival. Never throws: what is too large was not to be given. */
  publish(subject: string, data: Uint8Array, reply?: string): void;
  /** With a `queue`, each message goes to one of those who have given the same. `*` stands for one word of a subject, `>` for all that are left. */
  subscribe(subject: string, receive: (message: Incoming) => void, queue?: string): Subscription;
  /** Messages that are kept. Rejects with ClusterError `"NO_JETSTREAM"` where there are none. */
  durable?(options: DurableOptions): Promise<Durable>;
  /** For what is too large; `undefined` where there is none. */
  store?(name: string): Promise<Store | undefined>;
  /** Settles when the other end has got all that was published; rejects where it cannot. */
  flush(): Promise<void>;
  /** Whether the program is kept alive by it. */
  hold(isHeld: boolean): void;
  /** Told when it is lost for good, by whoever's will. */
  onClosed(told: (error: Error | undefined) => void): void;
  close(): Promise<void>;
}
