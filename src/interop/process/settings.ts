/** What the options of a process say, checked and complete. */
import { constants } from "node:os";
import type { Output, ProcessOptions } from "./options.ts";

export interface Settings {
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly stdin: "ignore" | "inherit" | "pipe";
  readonly text: string | undefined;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly keep: number;
  readonly signal: NodeJS.Signals;
  readonly grace: number;
  readonly anyCode: boolean;
  readonly processGroup: boolean;
}

const INPUTS: readonly string[] = ["ignore", "inherit", "pipe"];
const OUTPUTS: readonly string[] = ["keep", "inherit", "ignore", "pipe"];

/** Throws RangeError or TypeError for what makes no sense. */
export function settingsOf(options: ProcessOptions | undefined): Settings {
  const { cwd, env, stdin = "ignore", stdout = "keep", stderr = "keep", keep = 2 ** 20, signal = "SIGTERM", grace = 5_000, anyCode = false } = options ?? {};
  for (const output of [stdout, stderr]) if (!OUTPUTS.includes(output)) throw new TypeError(`The output of a process is one of ${OUTPUTS.join(", ")}, and not ${String(output)}.`);
  if (typeof keep !== "number" || !(keep >= 0)) throw new RangeError(`A process needs a number of bytes from 0 up as keep, and got ${String(keep)}.`);
  if (typeof grace !== "number" || !(grace >= 0)) throw new RangeError(`A process needs a number of milliseconds from 0 up as grace, and got ${String(grace)}.`);
  const text: unknown = typeof stdin === "object" ? stdin?.text : undefined;
  const input = typeof stdin === "object" ? "pipe" : stdin;
  // Before it is started: one that was started would wait for it.
  if (typeof stdin === "object" ? typeof text !== "string" : !INPUTS.includes(stdin)) {
    throw new TypeError(`The input of a process is one of ${INPUTS.join(", ")}, or { text: "what it reads" }, and not ${typeof stdin === "object" && stdin !== null ? `{ text: ${typeof text} }` : String(stdin)}.`);
  }
  const processGroup = process.platform !== "win32" && (options?.processGroup ?? input !== "inherit");
  return { cwd, env, stdin: input, text: text as string | undefined, stdout, stderr, keep, signal: signalNamed(signal), grace, anyCode, processGroup };
}

/** Throws a TypeError for a signal that this system does not have. */
export function signalNamed(name: string): NodeJS.Signals {
  if (Object.hasOwn(constants.signals, name)) return name as NodeJS.Signals;
  throw new TypeError(`${String(name)} is not the name of a signal here: SIGTERM and SIGHUP are two.`);
}
