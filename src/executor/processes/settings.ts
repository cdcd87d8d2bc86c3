/** What the options of a pool of processes mean for one that is started. */
import type { ForkOptions } from "node:child_process";
import { constants } from "node:os";
import { BOOT, type Boot } from "./boot.ts";
import type { ProcessOptions } from "./options.ts";

export interface Settings {
  readonly argv: readonly string[];
  readonly fork: ForkOptions;
  readonly cancelSignal: NodeJS.Signals;
}

/** Throws RangeError or TypeError for what makes no sense, or cannot be had here. */
export function settingsOf(options: ProcessOptions): Settings {
  const { perWorker = 1, maxMemory, argv = [], cwd } = options;
  const cancelSignal = (options.cancelSignal ?? "SIGTERM") as NodeJS.Signals;
  if (!Object.hasOwn(constants.signals, cancelSignal)) throw new TypeError(`processes: cancelSignal must be the name of a signal, and is ${String(cancelSignal)}.`);
  const boot: Boot = { perWorker, cancelSignal };
  const env: Record<string, string | undefined> = { ...(options.env ?? process.env), [BOOT]: JSON.stringify(boot) };
  if (env["NODE_OPTIONS"] !== undefined && options.env === undefined) env["NODE_OPTIONS"] = withoutInspector(env["NODE_OPTIONS"].split(" ")).join(" ");
  const execArgv = [...(options.execArgv ?? inherited(process.execArgv))];
  if (maxMemory !== undefined) limitMemory(maxMemory, execArgv, env);
  return {
    argv,
    cancelSignal,
    // Nobody types into a worker. The pipe is the fifth: see PIPE.
    fork: { serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"], execArgv, env, ...(cwd === undefined ? {} : { cwd }) },
  };
}

function limitMemory(megabytes: number, execArgv: string[], env: Record<string, string | undefined>): void {
  if (!Number.isInteger(megabytes) || megabytes < 1) throw new RangeError(`processes: maxMemory must be a whole number of MB from 1 up, and is ${String(megabytes)}.`);
  const flag = `--max-old-space-size=${megabytes}`;
  if (process.versions["bun"] !== undefined) throw new TypeError("processes: maxMemory cannot be had on Bun, which has no limit for its heap. Leave it away, or recycle workers by their heap.");
  if (process.versions["deno"] === undefined) execArgv.push(flag);
  else env["DENO_V8_FLAGS"] = [env["DENO_V8_FLAGS"], flag].filter((part) => part !== undefined && part !== "").join(",");
}

/** An option that runs some text in the place of a file, or a runner in the place of a program; those with `true` have a value after them. */
const NOT_FOR_FILES: readonly (readonly [RegExp, boolean])[] = [
  [/^(-e|-p|-pe|--eval|--print)$/, true],
  [/^(--eval|--print|--input-type)=/, false],
  [/^--input-type$/, true],
  [/^(-c|--check|-i|--interactive)$/, false],
  [/^--(test|watch)(-|=|$)/, false],
];

const INSPECTOR: readonly (readonly [RegExp, boolean])[] = [
  [/^--(inspect-port|debug-port|inspect-publish-uid)$/, true],
  [/^--(inspect|debug)(-|=|$)/, false],
];

export function inherited(execArgv: readonly string[]): string[] {
  return without(withoutInspector(execArgv), NOT_FOR_FILES);
}

/** A port can be listened to once. */
function withoutInspector(options: readonly string[]): string[] {
  return without(options, INSPECTOR);
}

function without(options: readonly string[], refused: typeof INSPECTOR): string[] {
  const kept: string[] = [];
  for (let at = 0; at < options.length; at++) {
    const found = refused.find(([pattern]) => pattern.test(options[at]!));
    if (found === undefined) kept.push(options[at]!);
    else if (found[1]) at++;
  }
  return kept;
}
