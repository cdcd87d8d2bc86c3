import { AttachError } from "../../inspect/attach-error.ts";
import { CommandError } from "../failure.ts";

/** Throws a CommandError for what is no process id. */
export function pidOf(text: string): number {
  const pid = Number(text);
  if (!Number.isInteger(pid) || pid < 1) throw new CommandError(`"${text}" is no process id.`, "espalier ps lists the programs that run.", { exitCode: 2 });
  return pid;
}

/** For `catch`: that a program cannot be looked into is told as a failure of the command. */
export function told(error: unknown): never {
  if (error instanceof AttachError) throw new CommandError(error.message, error.wayOut, { cause: error });
  throw error;
}
