/** Processes as tasks. */
import type { Readable, Writable } from "node:stream";
import { needScope } from "../../flow/arguments.ts";
import type { Scope, StartedTask, TaskGroup } from "../../index.ts";
import { Child } from "./child.ts";
import type { ProcessOptions } from "./options.ts";
import { type Settings, settingsOf, signalNamed } from "./settings.ts";
import { ProcessError, type ProcessExit } from "./process-error.ts";
import { closeWith } from "./unread.ts";

/** A process that runs. */
export interface RunningProcess {
  readonly pid: number;
  /** With `stdin: "pipe"`. */
  readonly stdin: ProcessInput | undefined;
  /**
   * With `stdout: "pipe"`: its output in pieces, once. It waits while nobody takes them, and is told when the loop is left. What it wrote before
   * it ended can still be read, until the group ends.
   */
  readonly stdout: AsyncIterable<Uint8Array> | undefined;
  readonly stderr: AsyncIterable<Uint8Array> | undefined;
  /** Sends a signal, to the process group where it has one. False where nobody is there any more. Ended by it, the process has not failed. */
  send(signal: string): boolean;
}

/** What a process reads. */
export interface ProcessInput {
  /** Writes, and waits in `scope` while the process does not read; in a cancelled scope it writes nothing. What a process that has ended does not read is dropped. */
  write(chunk: string | Uint8Array, scope: Scope): Promise<void>;
  /** Nothing more will come. */
  end(): void;
}

/**
 * Runs a process in `scope`, and gives how it ended, with what it wrote.
 *
 * Guarantee: it has ended when the call settles, and so has all that is in its process group. Another code than 0, or a signal that was not
 * sent from here, is thrown as a {@link ProcessError}; a command that cannot be started as the system's own error. Cancelled, it is sent
 * `signal`, then, after `grace`, SIGKILL; the call rejects with the CancelledError when it has ended.
 *
 * @example
 * ```ts
 * import { failAfter } from "espalier";
 * import { runProcess } from "espalier/process";
 *
 * await failAfter(10_000, async (scope) => {
 *   const { stdout } = await runProcess(process.execPath, ["-p", "6 * 7"], scope);
 *   console.log(stdout.trim()); // "42"
 * });
 * ```
 */
export function runProcess(command: string, args: readonly string[], scope: Scope, options?: ProcessOptions | undefined): Promise<ProcessExit> {
  let settings: Settings;
  try {
    needScope(scope, "runProcess()");
    settings = settingsOf(options);
    if (settings.stdout === "pipe" || settings.stderr === "pipe" || options?.stdin === "pipe") {
      throw new TypeError(`runProcess() gives nobody a stream to read or to write: for "pipe", use spawnProcess().`);
    }
  } catch (error) {
    return Promise.reject(error);
  }
  // In a scope of its own: should nobody await the call, the process ends with `scope`, and that is told (G16).
  const body = (own: Scope): Promise<ProcessExit> => {
    own.throwIfCancelled();
    return supervise(new Child(command, args, settings), command, settings, own);
  };
  return scope.failAfter(Infinity, body, { name: command });
}

/**
 * Starts a process as a task of `group`, and gives that task when it runs: `started` has its pid and its streams, `join()` how it ended,
 * `cancel()` ends it. What is true of {@link runProcess} is true of the task; the group ends after it.
 *
 * Rejects with the system's error when it cannot be started. An output that is a `"pipe"` has to be read: the process waits.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { spawnProcess } from "espalier/process";
 *
 * await taskGroup(async (group) => {
 *   const lines = "for (const n of [1, 2, 3]) console.log('line ' + n)";
 *   const child = await spawnProcess(process.execPath, ["-e", lines], group, { stdout: "pipe" });
 *   let size = 0;
 *   for await (const chunk of child.started.stdout ?? []) size += chunk.byteLength;
 *   console.log(size, (await child.join(group)).exitCode); // 21 0
 * });
 * ```
 */
export function spawnProcess(
  command: string,
  args: readonly string[],
  group: TaskGroup,
  options?: ProcessOptions | undefined,
): Promise<StartedTask<ProcessExit, RunningProcess>> {
  const run = async (scope: Scope, started: (running: RunningProcess) => void): Promise<ProcessExit> => {
    const settings = settingsOf(options);
    scope.throwIfCancelled();
    const child = new Child(command, args, settings);
    if (child.process.pid !== undefined) started(running(child, settings, group));
    return supervise(child, command, settings, scope);
  };
  return group.start<ProcessExit, RunningProcess>(run, group, { name: command });
}

/** Waits for the end of the process, and brings it about where the scope is cancelled. */
async function supervise(child: Child, command: string, { anyCode }: Settings, scope: Scope): Promise<ProcessExit> {
  try {
    await child.ended(scope);
  } catch (error) {
    await scope.shield((own) => child.stop(own), { name: command });
    throw error;
  }
  if (child.failure !== undefined) throw child.failure;
  const exit = child.exit();
  const isWanted = exit.exitCode === 0 || child.sent.has(exit.signal);
  if (!isWanted && !anyCode) throw new ProcessError(command, exit);
  return exit;
}

function running(child: Child, settings: Settings, group: TaskGroup): RunningProcess {
  const { pid, stdin, stdout, stderr } = child.process;
  const output = (name: "stdout" | "stderr", stream: Readable | null): AsyncIterable<Uint8Array> | undefined => {
    if (settings[name] !== "pipe" || stream === null) return undefined;
    closeWith(group, stream);
    return stream;
  };
  return {
    pid: pid!,
    stdin: settings.stdin === "pipe" && settings.text === undefined && stdin !== null ? inputOf(stdin) : undefined,
    stdout: output("stdout", stdout),
    stderr: output("stderr", stderr),
    send(signal) {
      const name = signalNamed(signal);
      const isThere = child.send(name);
      if (isThere) child.sent.add(name);
      return isThere;
    },
  };
}

function inputOf(stdin: Writable): ProcessInput {
  // One for all who wait, however many.
  let ready: Promise<void> | undefined;
  const untilReady = (): Promise<void> =>
    (ready ??= new Promise<void>((resolve) => {
      const over = (): void => {
        stdin.off("drain", over).off("close", over);
        ready = undefined;
        resolve();
      };
      stdin.on("drain", over).on("close", over);
    }));
  return {
    async write(chunk, scope) {
      needScope(scope, "stdin.write()");
      scope.throwIfCancelled();
      // Written in the call itself: what is written or ended after it comes after it.
      const isTaken = stdin.destroyed || stdin.write(chunk);
      await (isTaken ? scope.checkpoint() : scope.wait(untilReady()));
    },
    end: () => void stdin.end(),
  };
}
