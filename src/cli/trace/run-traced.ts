/**
 * Runs a program in the place of this one: it has the terminal, gets the signals that this one gets, and its exit code is ours.
 *
 * A terminal sends Ctrl-C to both of us: it is not passed on then, since a program takes a second one for "at once".
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { CommandError } from "../failure.ts";

const ofTerminal: readonly NodeJS.Signals[] = ["SIGINT", "SIGHUP", "SIGQUIT"];

/** Gives its exit code: 128 + the signal's number, where one ended it. */
export async function runTraced([command = "", ...args]: readonly string[], trace: string): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ESPALIER_TRACE: trace } });
  const pass = (signal: NodeJS.Signals): void => {
    if (!(process.stdin.isTTY && ofTerminal.includes(signal))) child.kill(signal);
  };
  const signals: readonly NodeJS.Signals[] = process.platform === "win32" ? ["SIGINT", "SIGTERM"] : [...ofTerminal, "SIGTERM", "SIGUSR2"];
  for (const signal of signals) process.on(signal, pass);
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + constants.signals[signal!];
  } catch (error) {
    throw new CommandError(`${command} cannot be run: ${String(error)}.`, "Name the runtime with --runtime.", { exitCode: 2, cause: error });
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}
