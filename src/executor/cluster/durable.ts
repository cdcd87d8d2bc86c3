/** What a durable cluster needs beyond a transport: messages that stay where they are until somebody has done them, and a memory of what is done. */

/** A message that this worker has for a while: who lets go of it says how. */
export interface Job {
  readonly data: Uint8Array;
  /** How many have had it, this one included. */
  readonly attempt: number;
  /** It is kept for another while. */
  extend(): void;
  /** It is done, and goes. */
  done(): void;
  /** Somebody is to have it again, after so many ms. */
  again(ms: number): void;
}

/** Messages as they come. */
export interface Taking {
  /** There may be room again. */
  more(): void;
  end(): Promise<void>;
}

export interface Durable {
  /** Keeps a message; twice with the same `id`, within some minutes, is once. Gives its place. Rejects where it cannot be said that it is kept. */
  put(subject: string, data: Uint8Array, id: string): Promise<number>;
  isThere(place: number): Promise<boolean>;
  remove(place: number): Promise<void>;
  /** Gives messages of a subject to one of all who take them, as long as that has room; one that is not extended for `hold` ms goes to another. */
  take(subject: string, hold: number, room: () => number, receive: (job: Job) => void): Promise<Taking>;
  /** Keeps what came of a call that is known by `key`: false, and nothing is changed, if that is known already. */
  record(key: string, data: Uint8Array): Promise<boolean>;
  recorded(key: string): Promise<Uint8Array | undefined>;
  /** Puts a message aside that nobody can do, with the reason. */
  bury(subject: string, data: Uint8Array, reason: string): Promise<void>;
}

/** For what is too large for a message. */
export interface Store {
  put(name: string, data: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  remove(name: string): Promise<void>;
}
