/** The worker process that a cluster without servers has of its own: started with it, again when it dies, and ended with it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ClusterError } from "../../cluster-error.ts";
import { exportOf } from "../../modules.ts";
import { inherited } from "../../processes/settings.ts";
import { decodeFailure } from "../../wire/failure.ts";
import { type Boot, BOOT, CLOSE, type FromLocalWorker } from "./boot.ts";

// Beside this file, whether it runs from source or was built.
const entry = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./entry.ts" : "./entry.js", import.meta.url));

export interface LocalWorkerEvents {
  /** It died; another one is on its way, unless it did not come to be ready. */
  died(exit: number | string | undefined, isReplaced: boolean): void;
  /** Of what reaches no caller. */
  failed(error: unknown, name: string): void;
}

export class LocalWorker {
  readonly #boot: Boot;
  readonly #events: LocalWorkerEvents;
  #child: ChildProcess;
  #isHeld = true;
  #isClosing = false;
  readonly ready: Promise<void>;

  constructor(boot: Boot, events: LocalWorkerEvents) {
    this.#boot = boot;
    this.#events = events;
    this.#child = this.#start();
    this.ready = this.#untilReady();
  }

  /**
   * Says something where a worker hears it: at once, or when the one that takes the place of a dead one is ready. For a moment after a death the server may
   * not know of it, and would hand a call to nobody.
   */
  whenReady(say: () => void): void {
    if (this.#wasReady) say();
    else this.#unsaid.push(say);
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    const how = isHeld ? "ref" : "unref";
    this.#child[how]();
    // Bun has one without these.
    this.#child.channel?.[how]?.();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.hold(true);
    const exited = once(child, "exit");
    child.send(CLOSE, () => {});
    await exited;
  }

  #start(): ChildProcess {
    const child = fork(entry, [], {
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: inherited(process.execArgv),
      env: { ...process.env, [BOOT]: JSON.stringify(this.#boot) },
    });
    child.on("message", (message: FromLocalWorker) => {
      if (message[0] === "error") void Promise.resolve(decodeFailure(message[1], `worker process ${child.pid}`, exportOf)).then((error) => this.#events.failed(error, message[2]));
    });
    child.on("exit", (code, signal) => this.#exited(child, signal ?? code ?? undefined));
    return child;
  }

  #exited(child: ChildProcess, exit: number | string | undefined): void {
    if (this.#isClosing || child !== this.#child) return;
    // Before it was ready it has a reason, and would have it again: who connects is told.
    const wasReady = this.#wasReady;
    this.#wasReady = false;
    this.#events.died(exit, wasReady);
    if (!wasReady) return;
    this.#child = this.#start();
    this.hold(this.#isHeld);
    this.#untilReady().catch(() => {});
  }

  #wasReady = false;
  #unsaid: (() => void)[] = [];

  async #untilReady(): Promise<void> {
    const child = this.#child;
    const isReady = await new Promise<boolean>((resolve) => {
      child.on("message", (message: FromLocalWorker) => {
        if (message[0] === "ready") resolve(true);
      });
      child.once("exit", () => resolve(false));
    });
    this.#wasReady = isReady;
    const unsaid = this.#unsaid;
    this.#unsaid = [];
    if (isReady) for (const say of unsaid) say();
    else throw new ClusterError("NO_WORKER", `The worker process of this program did not start: it ended with ${String(child.signalCode ?? `exit code ${child.exitCode}`)}.`);
  }
}
