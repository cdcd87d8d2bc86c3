/** The programs of these tests, each in a process of its own, to be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { after } from "node:test";
import { commandOf } from "../../conformance/programs/this-runtime.ts";

const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill("SIGKILL");
});

export class Program {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly ended: Promise<number | string>;
  #onLine: (() => void) | undefined;
  #isOver = false;

  constructor(name: "worker-program" | "caller-program", options: object, command: readonly string[] = []) {
    const [program, args] = commandOf(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), JSON.stringify(options));
    const [first, ...rest] = [...command, program, ...args];
    const child = spawn(first!, rest, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child = child;
    running.add(child);
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.lines.push(line);
      this.#onLine?.();
    });
    this.ended = once(child, "close").then(([code, signal]) => {
      this.#isOver = true;
      this.#onLine?.();
      running.delete(child);
      return (signal as string | null) ?? (code as number);
    });
  }

  /** Until it has said so many lines; or until it has ended. */
  async said(count: number): Promise<void> {
    while (this.lines.length < count && !this.#isOver) await new Promise<void>((resolve) => (this.#onLine = resolve));
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  /** As a service manager ends it. */
  end(): Promise<number | string> {
    this.#child.kill("SIGTERM");
    return this.ended;
  }
}

export async function worker(options: { servers: string; hold?: number; replicas?: number; size?: number }, command?: readonly string[]): Promise<Program> {
  const started = new Program("worker-program", { hold: 1_000, replicas: 1, size: 2, ...options }, command);
  await started.said(1);
  return started;
}
