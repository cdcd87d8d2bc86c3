/** What debug mode has found, and who is told. */
import { report as reportError } from "../scope/report.ts";
import { warn } from "../host/warn.ts";

/** What kind of mistake it is. */
export type ReportKind = "forgotten-await" | "lost-error" | "swallowed-cancellation" | "stuck-cancellation" | "blocked-loop";

/** One mistake, told once. */
export interface DebugReport {
  readonly kind: ReportKind;
  /** What was seen, in a sentence. */
  readonly what: string;
  /** The task or scope that it is about. */
  readonly name: string;
  /** From the root of its tree down to it. */
  readonly path: readonly string[];
  /** Where it was started: `src/app.ts:12`. */
  readonly spawnedAt: string | undefined;
  /** Where it stood: an operation and its place, or a line that ran. */
  readonly standsAt: string | undefined;
  /** What to do about it. */
  readonly advice: string;
  readonly error?: unknown;
}

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
export function onReport(listener: Listener): Disposable {
  if (typeof listener !== "function") throw new TypeError(`onReport() needs a function that is told of what debug mode finds, and got ${typeof listener}.`);
  // One of its own, so that the same function given twice is told twice.
  const own: Listener = (report) => listener(report);
  listeners.add(own);
  return { [Symbol.dispose]: () => void listeners.delete(own) };
}

export function tell(report: DebugReport): void {
  if (listeners.size === 0) return warn(reportText(report));
  for (const listener of listeners) {
    try {
      listener(report);
    } catch (error) {
      reportError(error);
    }
  }
}

/** A report as a text of a few lines. */
export function reportText({ kind, what, path, spawnedAt, standsAt, advice }: DebugReport): string {
  const lines = [`${kind}: ${what}`, `  task     ${path.join(" > ")}`];
  if (spawnedAt !== undefined) lines.push(`  started  ${spawnedAt}`);
  if (standsAt !== undefined) lines.push(`  stood    ${standsAt}`);
  lines.push(`  to do    ${advice}`);
  return lines.join("\n");
}
