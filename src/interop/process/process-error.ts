/** How a process ended. */
export interface ProcessExit {
  readonly pid: number;
  /** Its exit code; `null` where a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
  /** What it wrote, as UTF-8: all, or the last `keep` bytes. What was passed on or read elsewhere is not in it. */
  readonly stdout: string;
  readonly stderr: string;
  /** More was written than is kept. */
  readonly isTruncated: boolean;
}

/** So much of what it wrote goes into the message. */
const SHOWN = 2_000;

/**
 * A process ended with another code than 0, or by a signal that nobody here sent. It has what it wrote.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { ProcessError, runProcess } from "espalier/process";
 *
 * await taskGroup(async (group) => {
 *   try {
 *     await runProcess(process.execPath, ["-e", "console.error('no disk'); process.exit(3)"], group);
 *   } catch (error) {
 *     if (error instanceof ProcessError) console.log(error.exitCode, error.stderr.trim()); // 3 no disk
 *   }
 * });
 * ```
 */
export class ProcessError extends Error implements ProcessExit {
  /** For code that looks at codes. */
  get code(): "PROCESS_FAILED" {
    return "PROCESS_FAILED";
  }
  readonly command: string;
  readonly pid: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTruncated: boolean;

  constructor(command: string, exit: ProcessExit) {
    const { pid, exitCode, signal, stdout, stderr, isTruncated } = exit;
    const wrote = (stderr.trim() || stdout.trim()).slice(-SHOWN);
    super(`"${command}" ended ${signal === null ? `with code ${exitCode}` : `by ${signal}`}${wrote === "" ? "" : `:\n${wrote}`}`);
    this.command = command;
    this.pid = pid;
    this.exitCode = exitCode;
    this.signal = signal;
    this.stdout = stdout;
    this.stderr = stderr;
    this.isTruncated = isTruncated;
  }
}
Object.defineProperty(ProcessError.prototype, "name", { value: "ProcessError", writable: true, configurable: true });
