/**
 * One process, from its start to the end of all that it started.
 *
 *   running ── exits by itself ─────────────────────────▶ ended ──▶ the rest of its process group is killed
 *      └── cancelled ──▶ asked to end ── grace over ──▶ killed ──▶ ended
 *
 * Invariants
 *   1. Whoever waits for it goes on only when it has ended, however it was cancelled.
 *   2. When this process ends, by `process.exit` or by an error that nobody caught, those that still run are killed. (Nobody can do that
 *      for one that is killed itself.)
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Scope } from "../../index.ts";
import { park, type Waiter } from "../../lowlevel.ts";
import type { Output } from "./options.ts";
import type { Settings } from "./settings.ts";
import type { ProcessExit } from "./process-error.ts";
import { Tail } from "./tail.ts";

const OUTPUTS = ["stdout", "stderr"] as const;
const alive = new Set<Child>();

function killAll(): void {
  for (const child of alive) child.send("SIGKILL");
}

export class Child {
  readonly process: ChildProcess;
  /** The signals that somebody wanted it to have: not those that end what it leaves behind. */
  readonly sent: Set<ProcessExit["signal"]> = new Set();
  readonly #settings: Settings;
  readonly #tails: { readonly stdout: Tail; readonly stderr: Tail };
  readonly #waiters = new Set<Waiter<void>>();
  /** What has to end: the process, and the outputs that are kept. */
  #open = 1;
  #failure: Error | undefined;
  #isGone = false;

  constructor(command: string, args: readonly string[], settings: Settings) {
    const { cwd, env, keep, processGroup } = settings;
    const pipe = (output: Output): "pipe" | "inherit" | "ignore" => (output === "keep" ? "pipe" : output);
    this.#settings = settings;
    this.#tails = { stdout: new Tail(keep), stderr: new Tail(keep) };
    this.process = spawn(command, args, {
      cwd,
      env,
      stdio: [settings.stdin, pipe(settings.stdout), pipe(settings.stderr)],
      detached: processGroup,
      windowsHide: true,
    });
    if (alive.size === 0) process.on("exit", killAll);
    alive.add(this);
    this.process.once("error", (error) => {
      this.#failure ??= error;
      // One that was not started has no exit.
      if (this.process.pid === undefined) this.#ended();
    });
    this.process.once("exit", () => this.#ended());
    for (const name of OUTPUTS) this.#take(name);
    // One that does not read to the end is not ours to blame.
    this.process.stdin?.on("error", () => {});
    if (settings.text !== undefined) this.process.stdin?.end(settings.text);
  }

  get hasEnded(): boolean {
    return this.#open === 0;
  }

  /** What kept it from being started. */
  get failure(): Error | undefined {
    return this.process.pid === undefined ? this.#failure : undefined;
  }

  /** Waits until it has ended, and what is kept of its output is complete. */
  async ended(scope: Scope): Promise<void> {
    if (this.hasEnded) return;
    await park<void>(scope, "process", (waiter) => {
      this.#waiters.add(waiter);
      return () => this.#waiters.delete(waiter);
    });
  }

  /** Asks it to end, and kills it when the grace is over. */
  async stop(scope: Scope): Promise<void> {
    this.send(this.#settings.signal);
    await scope.moveOnAfter(this.#settings.grace, (limit) => this.ended(limit));
    if (this.hasEnded) return;
    this.#kill();
    await this.ended(scope);
  }

  /** Ends it and all in its group. Who has left the group and still has its pipes is not waited for. */
  #kill(): void {
    this.send("SIGKILL");
    for (const name of OUTPUTS) if (this.#settings[name] === "keep") this.process[name]?.destroy();
  }

  /** Sends a signal to it, or to its process group, and says whether there was anybody. */
  send(signal: NodeJS.Signals): boolean {
    const { pid, exitCode, signalCode } = this.process;
    // Afterwards the number may be somebody else's.
    if (pid === undefined || this.#isGone) return false;
    try {
      if (this.#settings.processGroup) return process.kill(-pid, signal);
      return exitCode === null && signalCode === null && process.kill(pid, signal);
    } catch {
      return false;
    }
  }

  exit(): ProcessExit {
    const { pid = -1, exitCode, signalCode } = this.process;
    const { stdout, stderr } = this.#tails;
    return { pid, exitCode, signal: signalCode, stdout: stdout.text(), stderr: stderr.text(), isTruncated: stdout.isTruncated || stderr.isTruncated };
  }

  #take(name: (typeof OUTPUTS)[number]): void {
    // Nor is there one where descriptors are used up: of that failure it is told later.
    const stream: Readable | null | undefined = this.process[name];
    if (stream === null || stream === undefined) return;
    stream.on("error", () => {});
    if (this.#settings[name] === "pipe") {
      // Else Node.js drops at the exit what nobody has begun to read.
      stream.on("readable", () => {});
      return;
    }
    this.#open++;
    stream.on("data", (chunk: Uint8Array) => this.#tails[name].add(chunk));
    stream.once("close", () => this.#close());
  }

  #ended(): void {
    // What it left running in its group would keep the pipes.
    if (this.#settings.processGroup) this.send("SIGKILL");
    this.#isGone = true;
    alive.delete(this);
    if (alive.size === 0) process.off("exit", killAll);
    this.#close();
  }

  #close(): void {
    if (--this.#open > 0) return;
    for (const waiter of this.#waiters) waiter.resolve();
    this.#waiters.clear();
  }
}
