/** What debug mode has found, and who is told. */
import { report as reportError } from "../scope/report.ts";
import { warn } from "../host/warn.ts";
import type { DebugReport } from "./mistake.ts";
import { reportText } from "./report-text.ts";

type Listener = (report: DebugReport) => void;

const listeners = new Set<Listener>();

/**
 * Tells `listener` of each mistake that debug mode finds, until the returned object is disposed. While nobody listens, the runtime warns of
 * them. Waits for nothing. A listener that throws is reported as a listener of an event is.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { onReport } from "espalier/debug";
 *
 * const found = onReport(({ kind, name }) => console.log(kind, name));
 * await taskGroup((group) => void sleep(1_000, group), { name: "careless" }); // forgotten-await careless
 * found[Symbol.dispose]();
 * ```
 */
export function onReport(listener: (report: DebugReport) => void): Disposable {
  if (typeof listener !== "function") throw new TypeError(`onReport() needs a function that is told of what debug mode finds, and got ${typeof listener}.`);
  // One of its own, so that the same function given twice is told twice.
  const own: Listener = (report) => listener(report);
  listeners.add(own);
  noteListeners();
  return {
    [Symbol.dispose]() {
      listeners.delete(own);
      noteListeners();
    },
  };
}

let onListeners: (hasListeners: boolean) => void = () => {};

/** Tells `listener`, now and at each change, whether the program listens itself. */
export function watchListeners(listener: (hasListeners: boolean) => void): void {
  onListeners = listener;
  noteListeners();
}

function noteListeners(): void {
  onListeners(listeners.size > 0);
}

let isDirect = false;

/** From now on who warns does it at once. */
export function tellDirectly(): void {
  isDirect = true;
}

export function tell(report: DebugReport): void {
  if (listeners.size === 0) return isDirect ? console.warn(reportText(report)) : warn(reportText(report));
  for (const listener of listeners) {
    try {
      listener(report);
    } catch (error) {
      reportError(error);
    }
  }
}
