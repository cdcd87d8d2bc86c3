/**
 * What happened in a run, in order: the only thing the oracles see of it, beside the program. Every entry has
 * its place in the order (`seq`) and its moment on the virtual clock (`at`). An entry that answers an earlier one
 * (`wait`, `listener`, `asked`) names its place.
 */
import type { CancelledError } from "espalier";
import type { Name } from "./program.ts";

/** How a function, a call or a wait ended. */
export type Result = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

export type Fact =
  /** A call that opens a scope was made, in this parent, by the function of that scope. */
  | { readonly is: "opened"; readonly scope: Name; readonly parent: Name | undefined; readonly by: Name | undefined }
  /** The function of a scope, task or cleanup was called; and ended. */
  | { readonly is: "entered"; readonly scope: Name }
  | { readonly is: "left"; readonly scope: Name; readonly result: Result }
  /** The call settled; `attached` is what its error carried then. */
  | { readonly is: "settled"; readonly scope: Name; readonly result: Result; readonly attached: readonly unknown[] }
  /** `spawn`, `trySpawn` or `start` was called; and what it gave or threw. */
  | { readonly is: "spawning"; readonly how: "spawn" | "trySpawn" | "admit" | "start"; readonly task: Name; readonly group: Name; readonly caller: Name | undefined }
  | { readonly is: "spawned"; readonly task: Name; readonly result: Result }
  /** A task calls `started()`. What such a call threw, if it did, is `refused`, here and below. */
  | { readonly is: "started"; readonly task: Name; refused: unknown }
  /** A task is over, all that it opened included. */
  | { readonly is: "ended"; readonly task: Name }
  /** A cancellation reached a scope. */
  | { readonly is: "felt"; readonly scope: Name; readonly cause: CancelledError }
  /** `cancel()` is about to be called; the external signal is about to abort; a deadline was moved, or not. */
  | { readonly is: "cancelling"; readonly scope: Name; readonly reason: unknown }
  | { readonly is: "aborting"; readonly reason: unknown }
  | { readonly is: "rescheduled"; readonly scope: Name; readonly deadline: number; refused: unknown }
  /** A promise from outside is about to be settled. */
  | { readonly is: "fulfilling"; readonly promise: Name; readonly result: Result }
  /** A library operation was begun in a scope; and ended. */
  | { readonly is: "waiting"; readonly step: WaitStep; readonly scope: Name }
  | { readonly is: "woke"; readonly wait: number; readonly result: Result }
  /** A step threw a new error; a `catch` or `finally` of the program got hold of one. */
  | { readonly is: "threw"; readonly error: unknown }
  | { readonly is: "caught"; readonly error: unknown }
  | { readonly is: "deferred"; readonly scope: Name; readonly cleanup: Name; refused: unknown }
  /** `onError` was called; and ended. */
  | { readonly is: "reported"; readonly group: Name; readonly task: Name; readonly error: unknown }
  | { readonly is: "handled"; readonly group: Name; readonly task: Name; readonly result: Result }
  /** A combinator calls its `discard` for a value; and that ended. */
  | { readonly is: "discarding"; readonly call: Name; readonly value: unknown }
  | { readonly is: "discarded"; readonly discarding: number; readonly call: Name; readonly result: Result }
  /** `map` asks its source for an item; and gets it (`undefined` when there are no more); closes the source. */
  | { readonly is: "asked"; readonly call: Name }
  | { readonly is: "answered"; readonly asked: number; readonly call: Name; readonly result: Result }
  | { readonly is: "closed"; readonly call: Name }
  /** An `onCancel` handler is registered; and was called. */
  | { readonly is: "listening"; readonly scope: Name; refused: unknown }
  | { readonly is: "heard"; readonly listener: number; readonly cause: CancelledError }
  /** What a scope said of itself. */
  | { readonly is: "looked"; readonly scope: Name; readonly cancelled: boolean; readonly reason: CancelledError | undefined; readonly deadline: number }
  /** A rejection that nobody handled. */
  | { readonly is: "unhandled"; readonly error: unknown };

/** What a wait is for. */
export type WaitStep =
  | { readonly for: "time"; readonly ms: number }
  | { readonly for: "turn" | "ever" }
  | { readonly for: "promise"; readonly promise: Name }
  /** For a task, or just to have waited. */
  | { readonly for: "room"; readonly group: Name; readonly task: Name | undefined }
  | { readonly for: "join" | "settled" | "start"; readonly task: Name };

interface Stamp {
  readonly seq: number;
  readonly at: number;
}

export type Entry = Fact & Stamp;

export class Trace {
  readonly entries: Entry[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add<F extends Fact>(fact: F): F & Stamp {
    const entry = { ...fact, seq: this.entries.length, at: this.#now() };
    this.entries.push(entry);
    return entry;
  }
}
