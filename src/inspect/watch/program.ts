/**
 * A program that is watched: its picture, and how it is.
 *
 *   connecting ── hello ──▶ live ◀── heard of ── not heard of ──▶ blocked
 *       └──────────────────────┴── connection gone ──▶ over
 */
import type { Scope } from "../../task/capabilities.ts";
import { sleep } from "../../task/sleep.ts";
import { AttachError } from "../attach-error.ts";
import { type Ask, asking } from "../attach.ts";
import { installation, pulling } from "./installation.ts";
import { Link, type Listener } from "./link.ts";
import { Picture } from "./picture.ts";
import { type Batch, type Hello, isBatch } from "./wire.ts";

/** Not heard of for so long, its event loop is blocked. */
const BLOCKED_MS = 1_000;
const LOOK_MS = 50;

export type Status = "connecting" | "live" | "blocked" | "over";

export class Program implements Listener {
  readonly picture: Picture = new Picture();
  identity: Hello["hello"] | undefined;
  exitCode: number | undefined;
  #heardAt = performance.now();
  #isOver = false;
  #settle!: { readonly resolve: () => void; readonly reject: (failure: AttachError) => void };
  readonly #over = new Promise<void>((resolve, reject) => (this.#settle = { resolve, reject }));
  #link: Link | undefined;

  get status(): Status {
    if (this.#isOver) return "over";
    if (performance.now() - this.#heardAt > BLOCKED_MS) return "blocked";
    return this.identity === undefined ? "connecting" : "live";
  }

  /** For how many ms its event loop has not come round, if it is blocked. */
  get blockedFor(): number {
    return this.status === "blocked" ? performance.now() - this.#heardAt : 0;
  }

  /** Asks where these were started and stand. */
  want(ids: readonly number[]): void {
    this.#link?.want(ids);
  }

  hello(hello: Hello["hello"]): void {
    this.identity = hello;
    this.#heardAt = performance.now();
  }

  batch(batch: Batch): void {
    this.#heardAt = performance.now();
    this.picture.apply(batch);
  }

  bye(code: number): void {
    this.exitCode = code;
  }

  closed(failure?: AttachError): void {
    this.#isOver = true;
    if (failure === undefined) this.#settle.resolve();
    else this.#settle.reject(failure);
  }

  /** Watches a program that runs, until it ends. Rejects as `dumpOf` does, and says what that says. */
  attach(pid: number, scope: Scope, say?: (text: string) => void): Promise<void> {
    return this.during(scope, async (link) => {
      const install = async (ask: Ask): Promise<void> => {
        await ask(`${installation(link.port, link.token)} ?? ""`);
        await this.#untilItAnswers(link.token, ask, scope);
      };
      await asking(pid, scope, install, say);
      await this.over(scope);
    });
  }

  /** Watches whichever program knows the link, while `body` runs. */
  during<T>(scope: Scope, body: (link: Link) => Promise<T>): Promise<T> {
    // It may be gone before anybody waits for that.
    this.#over.catch(() => {});
    return Link.during(this, scope, (link) => {
      this.#link = link;
      this.#heardAt = performance.now();
      return body(link);
    });
  }

  /** Resolves when the connection is gone. */
  over(scope: Scope): Promise<void> {
    return scope.wait(this.#over);
  }

  /** While its event loop does not come round, it is asked as it computes. */
  async #untilItAnswers(token: string, ask: (expression: string) => Promise<string>, scope: Scope): Promise<void> {
    const from = performance.now();
    while (this.identity === undefined) {
      await sleep(LOOK_MS, scope);
      if (performance.now() - from < BLOCKED_MS) continue;
      const batch: unknown = JSON.parse(await ask(pulling(token)));
      if (batch === null) throw new AttachError("The program could not connect to who watches it.", "Is it in a network of its own, or forbidden to use the network?");
      // Not `batch()`: that its inspector answers does not say that its event loop does.
      if (isBatch(batch) && this.identity === undefined) this.picture.apply(batch);
    }
  }
}
