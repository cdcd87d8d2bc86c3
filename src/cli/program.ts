/**
 * The command line as a whole: it parses, runs the command, and turns what went wrong into a message and an exit code.
 * Commands come from a table, so that this file knows none of them.
 */
import { Command, CommanderError } from "commander";
import { type Scope, isCancelled, run } from "espalier";
import { CommandError } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

export interface CommandContext {
  readonly terminal: Terminal;
  readonly version: string;
  /** The program's entry file, for a command that starts a process of the same program. */
  readonly entry: string;
  /** Runs a command's work in a scope of its own that Ctrl-C cancels: whatever was started in it has ended when this settles. */
  run(work: (scope: Scope) => Promise<void>, options?: { readonly grace?: number }): Promise<void>;
}

export type AddCommand = (program: Command, context: CommandContext) => void;

export async function execute(commands: readonly AddCommand[], argv: readonly string[], context: Omit<CommandContext, "run">): Promise<void> {
  const program = new Command("espalier")
    .description("structured concurrency for plain async/await")
    .version(context.version)
    .showHelpAfterError("Run it with --help to see what it takes.")
    .exitOverride();
  for (const add of commands) add(program, { ...context, run: (work, options) => run(work, { name: "espalier", ...options }) });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    tell(error, context.terminal);
  }
}

function tell(error: unknown, { errors, errorColours }: Terminal): void {
  const prefix = errorColours.red("espalier:");
  if (error instanceof CommanderError) {
    // It has spoken already. Asked for help or version is no failure; all else is a wrong call.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof CommandError) {
    errors.write(`${prefix} ${error.message}\n${error.wayOut}\n`);
    process.exitCode = error.exitCode;
  } else if (isCancelled(error)) {
    // run() has set the exit code: 128 + the signal's number.
    errors.write(`${prefix} interrupted; everything it had started has ended\n`);
  } else {
    errors.write(`${prefix} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis was not foreseen: please report it with the lines above.\n`);
    process.exitCode = 1;
  }
}
