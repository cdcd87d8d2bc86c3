/** A probe that writes down what it is told. */
import type { Observed, ObservedWait } from "../ports/probe.ts";
import { attachProbe } from "../scope/watch.ts";

/** One thing that happened, as plain data. */
export interface Fact {
  readonly fact: "opened" | "ended" | "cancelled" | "parked" | "unparked";
  /** The scope or task that it happened to, or in. */
  readonly name: string;
  readonly kind: string;
  /** The name of what it belongs to; `undefined` for a root. */
  readonly owner: string | undefined;
  /** What waits, for `"parked"` and `"unparked"`: `"sleep"`, `"join"`, … */
  readonly wait?: string;
  /** Why, for `"cancelled"`. */
  readonly cause?: string;
}

/** What {@link record} gives. */
export interface Recording extends Disposable {
  /** What happened so far, in order. */
  readonly facts: readonly Fact[];
  /** The same for people: one line for each fact. */
  readonly text: string;
  /** Ends the recording; what was recorded stays. */
  stop(): void;
}

/**
 * Records what happens in all trees of the program until it is stopped or disposed: which scope or task opened, ended, was
 * cancelled, what began to wait and stopped. Cost: an object for each fact.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { record, testClock } from "espalier/testing";
 *
 * const recording = record();
 * await taskGroup((group) => sleep(10, group), { clock: testClock(), name: "main" });
 * recording.stop();
 * console.log(recording.text.split("\\n")); // ["main: opened (taskGroup)", "main: waits: sleep", "main: goes on: sleep", "main: ended"]
 * ```
 */
export function record(): Recording {
  const facts: Fact[] = [];
  const note = (fact: Fact["fact"], { name, kind, owner }: Observed, more?: Partial<Fact>): void => {
    facts.push({ fact, name, kind, owner: owner?.name, ...more });
  };
  const ofWait = (fact: Fact["fact"]) => (wait: ObservedWait) => note(fact, wait.scope, { wait: wait.label });
  const attached = attachProbe({
    opened: (scope) => note("opened", scope),
    ended: (scope) => note("ended", scope),
    cancelled: (scope) => note("cancelled", scope, { cause: scope.cause?.message ?? "" }),
    parked: ofWait("parked"),
    unparked: ofWait("unparked"),
  });
  const stop = (): void => attached[Symbol.dispose]();
  return {
    facts,
    get text() {
      return facts.map(lineOf).join("\n");
    },
    stop,
    [Symbol.dispose]: stop,
  };
}

function lineOf({ fact, name, kind, owner, wait = "", cause = "" }: Fact): string {
  const what = {
    opened: `opened (${kind}${owner === undefined ? "" : ` of ${owner}`})`,
    ended: "ended",
    cancelled: `cancelled: ${cause}`,
    parked: `waits: ${wait}`,
    unparked: `goes on: ${wait}`,
  };
  return `${name}: ${what[fact]}`;
}
