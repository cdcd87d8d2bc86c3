/**
 * The driver's side of the server: starts its process, waits until it serves, and is its only owner.
 *
 * To be run as a daemon task of a group: when the group's other work is done, or has failed, or was cancelled, the
 * task is cancelled, closes the process's standard input and waits until the process is gone. A server that dies by
 * itself is a failure of the group, with what it last said.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Scope } from "espalier";
import { CommandError } from "../../../failure.ts";
import { BenchServer } from "./bench-server.ts";
import type { Hello } from "./serve.ts";

export interface Launch {
  /** The program's own entry file: the server is a hidden command of it. */
  readonly entry: string;
  readonly nginx: boolean;
}

export async function superviseServer(launch: Launch, scope: Scope, started: (server: BenchServer) => void): Promise<never> {
  // A debugger's port can be listened to by one process only.
  const runtimeOptions = process.execArgv.filter((option) => !option.startsWith("--inspect"));
  const child = spawn(process.execPath, [...runtimeOptions, launch.entry, "bench", "serve", ...(launch.nginx ? ["--nginx"] : [])]);
  const exit = exited(child);
  let lastWords = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (lastWords = (lastWords + text).slice(-2_000)));
  // Writing to a process that is gone fails; that it is gone is reported below.
  child.stdin.on("error", () => {});
  try {
    const hello = await scope.wait(Promise.race([firstLine(child), exit]));
    if (typeof hello === "string") {
      started(new BenchServer(JSON.parse(hello) as Hello));
      await scope.wait(exit);
    }
    throw new CommandError(
      `the benchmark's server ended by itself (${(await exit).how})${lastWords === "" ? "" : `; it last said:\n${lastWords.trim()}`}`,
      "The figures up to here are lost. If it was killed, the machine may be short of memory: try a smaller --requests.",
    );
  } finally {
    child.stdin.end();
    await scope.shield(() => exit);
  }
}

interface Exit {
  readonly how: string;
}

/** Settles when the process is gone, or could not be started at all. Never rejects. */
function exited(child: ChildProcessWithoutNullStreams): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ how: error.message }));
    child.once("exit", (code, signal) => resolve({ how: signal === null ? `exit code ${code}` : `killed by ${signal}` }));
  });
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, "line"), once(lines, "close").then(() => [undefined])])) as [string | undefined];
  return line;
}
