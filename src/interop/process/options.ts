/** How a process is started, and how it is ended. */
import { constants } from "node:os";

/** How a process is started. Times in ms, sizes in bytes. */
export interface ProcessOptions {
  readonly cwd?: string | undefined;
  /** In place of this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What it reads: nothing, this text, what this process reads, or what is written to `started.stdin`. By default nothing. */
  readonly stdin?: "ignore" | "inherit" | "pipe" | { readonly text: string } | undefined;
  /**
   * Where its output goes: `"keep"` (default) into the result, `"inherit"` where this process's goes, `"ignore"` nowhere, `"pipe"` to
   * whoever iterates over `started.stdout`: it then waits while nobody reads.
   */
  readonly stdout?: Output | undefined;
  readonly stderr?: Output | undefined;
  /** So many of the last bytes of each output are kept; by default 1 MiB. */
  readonly keep?: number | undefined;
  /** Asks it to end; by default SIGTERM. */
  readonly signal?: string | undefined;
  /** After so long it is killed; by default 5,000. */
  readonly grace?: number | undefined;
  /** Gives its exit whatever the code is; else another one than 0 is thrown as a {@link ProcessError}. */
  readonly anyCode?: boolean | undefined;
  /**
   * It gets a process group of its own, whose other members end with it: what a shell started in the background, for one. By default
   * true, but where it reads from the terminal, and on Windows, where there is none.
   */
  readonly processGroup?: boolean | undefined;
}

/** Where the output of a process goes. */
export type Output = "keep" | "inherit" | "ignore" | "pipe";

/** The same, complete. */
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

const OUTPUTS: readonly string[] = ["keep", "inherit", "ignore", "pipe"];

/** Throws RangeError or TypeError for what makes no sense. */
export function settingsOf(options: ProcessOptions | undefined): Settings {
  const { cwd, env, stdin = "ignore", stdout = "keep", stderr = "keep", keep = 2 ** 20, signal = "SIGTERM", grace = 5_000, anyCode = false } = options ?? {};
  for (const output of [stdout, stderr]) if (!OUTPUTS.includes(output)) throw new TypeError(`The output of a process is one of ${OUTPUTS.join(", ")}, and not ${String(output)}.`);
  if (!(keep >= 0)) throw new RangeError(`A process needs a number of bytes from 0 up as keep, and got ${String(keep)}.`);
  if (!(grace >= 0)) throw new RangeError(`A process needs a number of milliseconds from 0 up as grace, and got ${String(grace)}.`);
  const text = typeof stdin === "object" ? stdin.text : undefined;
  const input = typeof stdin === "object" ? "pipe" : stdin;
  const processGroup = process.platform !== "win32" && (options?.processGroup ?? input !== "inherit");
  return { cwd, env, stdin: input, text, stdout, stderr, keep, signal: signalNamed(signal), grace, anyCode, processGroup };
}

/** Throws a TypeError for a signal that this system does not have. */
export function signalNamed(name: string): NodeJS.Signals {
  if (Object.hasOwn(constants.signals, name)) return name as NodeJS.Signals;
  throw new TypeError(`${String(name)} is not the name of a signal here: SIGTERM and SIGHUP are two.`);
}
