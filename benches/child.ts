/** Other programs that measure: started, and asked for their JSON. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The file of a module named relative to the one that asks. */
export const fileOf = (path: string, base: string): string => fileURLToPath(new URL(path, base));

/** Runs a program that prints JSON, and gives what it printed. Its standard error is ours. */
export async function runJson<T>(command: string, args: readonly string[]): Promise<T> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve(status ?? signal));
  });
  const text = Buffer.concat(output).toString();
  if (code !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${code}:\n${text}`);
  return JSON.parse(text) as T;
}
