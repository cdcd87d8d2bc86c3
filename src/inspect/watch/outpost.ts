/**
 * The end of the wire that is in the watched program: sends batches to whoever watches, as often as asked, and takes little of its time.
 *
 *   connecting ── connected ──▶ hello ── next ──▶ batch ── next ──▶ … ── either end closes ──▶ over: the program is as it was
 *
 * As the collector's, its text is sent there: it uses nothing that is not in it but its `MANNERS`.
 *
 * Invariants
 *   1. It keeps no program alive, and delays no exit.
 *   2. Of the program's time batches take at most one part in `MANNERS.share`, while there is more to be told; one batch is bounded.
 *   3. When the connection is gone, nothing of it is left but a hook that does nothing.
 */
import type { monitorEventLoopDelay } from "node:perf_hooks";
import type { Socket } from "node:net";
import type { Batch, Hello, Next } from "./wire.ts";

/** As much as is used of a collector. */
interface Source {
  start(): void;
  stop(): void;
  batch(wanted: readonly number[]): Batch;
}

/** How it keeps out of the way: sent along with its text. */
export const MANNERS = {
  everyMs: 100,
  share: 5,
  delayResolutionMs: 10,
  /** So many batches are written at the program's exit, without being asked for. */
  lastBatches: 40,
  warnings: 100,
} as const;

export class Outpost {
  readonly #source: Source;
  readonly #socket: Socket;
  readonly #delay: ReturnType<typeof monitorEventLoopDelay>;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #sentAt = 0;
  /** How long the last batch took. */
  #took = 0;
  #behind = 0;
  #wanted: readonly number[] = [];
  #warnings: { at: number; text: string }[] = [];
  readonly #onWarning = ({ name, message }: Error): void => {
    if (name === "EspalierWarning" && this.#warnings.length < MANNERS.warnings) this.#warnings.push({ at: performance.now(), text: message });
  };
  readonly #onExit = (code: number): void =>
    this.#harmless(() => {
      for (let left = MANNERS.lastBatches; left > 0; left--) {
        this.#send();
        if (this.#behind === 0) break;
      }
      this.#socket.write(`${JSON.stringify({ bye: code })}\n`);
    });

  readonly #onEnd: () => void;

  constructor(source: Source, port: number, token: string, onEnd: () => void) {
    const { getBuiltinModule } = process;
    this.#source = source;
    this.#onEnd = onEnd;
    this.#delay = getBuiltinModule("node:perf_hooks").monitorEventLoopDelay({ resolution: MANNERS.delayResolutionMs });
    this.#delay.enable();
    process.on("warning", this.#onWarning);
    process.on("exit", this.#onExit);
    source.start();
    this.#socket = getBuiltinModule("node:net").connect({ host: "127.0.0.1", port });
    this.#socket.unref();
    this.#socket.setNoDelay(true);
    const hello: Hello = { hello: { pid: process.pid, runtime: this.#runtime(), command: process.argv.slice(1).join(" "), cwd: this.#cwd(), began: performance.timeOrigin } };
    this.#socket.write(`${token}\n${JSON.stringify(hello)}\n`);
    this.#socket.once("error", () => this.end());
    this.#socket.once("close", () => this.end());
    this.#listen();
  }

  /** A batch for who asks from outside, while the event loop does not come round. */
  pull(): Batch {
    return this.#batch();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.stop();
    this.#delay.disable();
    clearTimeout(this.#timer);
    process.off("warning", this.#onWarning);
    process.off("exit", this.#onExit);
    this.#socket.destroy();
    this.#onEnd();
  }

  /** Whatever fails here is the end of the watching, and not of the program. */
  #harmless(act: () => void): void {
    if (this.#isOver) return;
    try {
      act();
    } catch {
      this.end();
    }
  }

  #listen(): void {
    let text = "";
    this.#socket.setEncoding("utf8");
    this.#socket.on("data", (chunk: string) =>
      this.#harmless(() => {
        text += chunk;
        for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n")) {
          this.#wanted = (JSON.parse(text.slice(0, end)) as Next).next;
          text = text.slice(end + 1);
          this.#schedule();
        }
      }),
    );
  }

  /** The next batch is due in a while; the sooner if there is more, and never at the cost of the program. */
  #schedule(): void {
    const rest = (MANNERS.share - 1) * this.#took;
    const wait = this.#behind > 0 ? rest : Math.max(rest, MANNERS.everyMs - (performance.now() - this.#sentAt));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#harmless(() => this.#send()), wait);
    this.#timer.unref();
  }

  #send(): void {
    const from = this.#busy();
    this.#socket.write(`${JSON.stringify(this.#batch())}\n`);
    this.#sentAt = performance.now();
    this.#took = this.#busy() - from;
  }

  /** How long this thread has been at work, in ms: where others have the processor, that is not its doing. Older ones than Node.js 23.9 tell the time only. */
  #busy(): number {
    const { threadCpuUsage } = process as Partial<typeof process>;
    if (threadCpuUsage === undefined) return performance.now();
    const { user, system } = threadCpuUsage();
    return (user + system) / 1_000;
  }

  #batch(): Batch {
    const batch = this.#source.batch(this.#wanted);
    this.#wanted = [];
    this.#behind = batch.behind;
    const warnings = this.#warnings;
    this.#warnings = [];
    const { count, mean, max } = this.#delay;
    const delays = count === 0 ? {} : { delays: [{ at: batch.at, mean: this.#late(mean), max: this.#late(max) }] };
    this.#delay.reset();
    return { ...batch, ...delays, ...(warnings.length > 0 ? { warnings } : {}) };
  }

  /** The histogram has the times from one look to the next, in ns. */
  #late(ns: number): number {
    return Math.max(0, Math.round(ns / 1e4 - MANNERS.delayResolutionMs * 100) / 100);
  }

  /** It may have been removed. */
  #cwd(): string {
    try {
      return process.cwd();
    } catch {
      return "";
    }
  }

  #runtime(): string {
    const { bun, deno, node } = process.versions as Record<string, string | undefined>;
    return bun !== undefined ? `bun ${bun}` : deno !== undefined ? `deno ${deno}` : `node ${node}`;
  }
}
