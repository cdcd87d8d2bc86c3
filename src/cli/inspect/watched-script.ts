/** A program that is begun here, and watched from its beginning. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Scope } from "espalier";
import { type ProcessExit, runProcess } from "espalier/process";
import { installation } from "../../inspect/watch/installation.ts";
import type { Program } from "../../inspect/watch/program.ts";

export interface Script {
  /** What runs it, with its options, the script, and what it is given. */
  readonly runtime: readonly string[];
  readonly file: string;
  readonly args: readonly string[];
  /** Whether it runs in debug mode: then it tells the lines where tasks were started and stand. */
  readonly debug: boolean;
}

/** Runs it, and resolves when it has ended; its output is that of this process. It ends with `scope`, in its own time where the terminal has told it to. */
export function runWatched(program: Program, { runtime, file, args, debug }: Script, scope: Scope): Promise<ProcessExit> {
  return program.during(scope, async ({ port, token }) => {
    // Of this user alone: the token is in it.
    const folder = await mkdtemp(join(tmpdir(), "espalier-"));
    try {
      const watch = join(folder, "watch.mjs");
      await writeFile(watch, installation(port, token), { mode: 0o600 });
      const [command, ...options] = runtime as [string, ...string[]];
      // Who asks for the deep tier has it.
      const env = debug ? { ...process.env, ESPALIER_DEBUG: process.env["ESPALIER_DEBUG"] || "1" } : process.env;
      const exit = await runHere(command, [...options, "--import", pathToFileURL(watch).href, file, ...args], env, scope);
      await scope.moveOnAfter(1_000, (limited) => program.over(limited));
      return exit;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** A terminal sends Ctrl-C to both of us: it is not passed on then, since a program takes a second signal for "at once". */
async function runHere(command: string, args: readonly string[], env: NodeJS.ProcessEnv, scope: Scope): Promise<ProcessExit> {
  const exit = await scope.shield((own) =>
    own.moveOnAfter(Infinity, async (limited) => {
      const cancelling = scope.onCancel(({ source, reason }) => {
        if (!(process.stdin.isTTY && source === "shutdown" && reason === "SIGINT")) limited.cancel();
      });
      try {
        return await runProcess(command, args, limited, { stdin: "inherit", stdout: "inherit", stderr: "inherit", env, anyCode: true });
      } finally {
        cancelling[Symbol.dispose]();
      }
    }),
  );
  scope.throwIfCancelled();
  return exit!;
}
