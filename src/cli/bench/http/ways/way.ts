/**
 * A way of writing the fan-out: the same requests, at once, each in the words of one library.
 *
 * `begin` is what the user would write. It gives two moments that are one in structured code and are not elsewhere:
 * when the caller hears, and when nothing of it is left running.
 */
import type { Scope } from "espalier";
import type { Get } from "../clients.ts";

export interface FanOut {
  readonly addresses: readonly string[];
  readonly get: Get;
  /** At most so many at once, for the ways that have a limit. */
  readonly limit: number;
  /** The scope of the benchmark itself, which the structured ways open their own in. */
  readonly scope: Scope;
}

export interface Begun {
  /** What the caller awaits. */
  readonly result: Promise<unknown>;
  /** Settles, and never rejects, when everything that was begun has ended. */
  quiet(): Promise<unknown>;
}

export type Part = "fan-out" | "failing";

export interface Way {
  readonly name: string;
  /** The library's own rows, to be told apart in the tables. */
  readonly ours: boolean;
  /** How many requests it hands to the client at once. */
  inHand(requests: number, limit: number): number;
  /** What it takes part in: a way that cannot fail has no place in the failing run. */
  readonly parts: readonly Part[];
  begin(fanOut: FanOut): Begun;
}

export interface MissingWay {
  readonly name: string;
  readonly missing: string;
  readonly parts: readonly Part[];
}
