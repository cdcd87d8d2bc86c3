/** What the ways of this suite start beside themselves: servers on loopback, and workers. All end with the way's process. */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { freePort } from "../../src/cli/bench/http/server/nginx.ts";
import { fileOf } from "../child.ts";

export type Program = ChildProcessByStdio<null, Readable, Readable>;

const folder = mkdtempSync(join(tmpdir(), "espalier-bench-cluster-"));
const programs = new Set<Program>();
process.on("exit", () => {
  for (const program of programs) program.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** What is not installed; `undefined` when it is. */
export function lacks(command: "nats-server" | "redis-server"): string | undefined {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0 ? undefined : `${command} is not installed (Debian: apt-get install ${command})`;
}

/** Starts a program, and waits until a line of it has `word`. */
export async function start(command: string, args: readonly string[], word: string): Promise<Program> {
  const program = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  programs.add(program);
  program.once("close", () => programs.delete(program));
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    for (const stream of [program.stdout, program.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        if (line.includes(word)) resolve();
      });
    }
    program.once("error", reject);
    program.once("close", () => reject(new Error(`${command} ended before it was ready:\n${said.join("\n")}`)));
  });
  return program;
}

/** With JetStream, on the disk. */
export async function natsServer(): Promise<string> {
  const port = await freePort();
  await start("nats-server", ["-a", "127.0.0.1", "-p", `${port}`, "-js", "-sd", await mkdtemp(join(folder, "nats-"))], "Server is ready");
  return `nats://127.0.0.1:${port}`;
}

/** As it comes: in memory, with a copy on the disk now and then. */
export async function redisServer(): Promise<number> {
  const port = await freePort();
  await start("redis-server", ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", await mkdtemp(join(folder, "redis-"))], "Ready to accept connections");
  return port;
}

/** One of `workers/`, which is told where its server is. */
export const worker = (name: "espalier" | "bare" | "bullmq", server: string | number): Promise<Program> => start(process.execPath, [fileOf(`workers/${name}.mjs`, import.meta.url), `${server}`], "ready");

/** As a crash. */
export async function kill(program: Program): Promise<void> {
  const gone = once(program, "close");
  program.kill("SIGKILL");
  await gone;
}
