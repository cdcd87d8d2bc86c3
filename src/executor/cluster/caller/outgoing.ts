/**
 * Calls on their way out: those of a turn together, by their works. Of short ones many go in one message, since the message costs more than
 * they do; of all others, and of those that nobody knows yet, each goes alone, to a worker of its own.
 */
import type { Settings } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { overhead } from "../wire/frame.ts";
import { write } from "../wire/messages.ts";
import type { Errand, Sending } from "./errand.ts";
import type { Large } from "./large.ts";

/** So much work goes to one worker at a time, in ms. */
const TOGETHER_MS = 0.4;
const MOST = 64;
/** How much a new result counts. */
const WEIGHT = 1 / 16;
/** For the head of a message. */
const HEAD_BYTES = 1_024;

export class Outgoing implements Sending {
  readonly #settings: Settings;
  readonly #transport: () => Transport;
  readonly #large: Large;
  /** How long a work took of late, in ms, by its subject. */
  readonly #took = new Map<string, number>();
  #waiting: Errand[] = [];
  #batch = 0;

  constructor(settings: Settings, transport: () => Transport, large: Large) {
    this.#settings = settings;
    this.#transport = transport;
    this.#large = large;
  }

  learn(errand: Errand, ms: number): void {
    const subject = this.#settings.subjects.call(errand.work);
    const known = this.#took.get(subject);
    this.#took.set(subject, known === undefined ? ms : known + (ms - known) * WEIGHT);
  }

  /** With the others of this turn. */
  add(errand: Errand): void {
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
    this.#waiting.push(errand);
  }

  /** Nobody knows where it is. */
  withdraw(): boolean {
    return false;
  }

  isLost(): boolean {
    return true;
  }

  #flush(): void {
    const waiting = this.#waiting.filter(({ state }) => state === "new");
    this.#waiting = [];
    this.send(waiting);
  }

  send(errands: readonly Errand[]): void {
    const bySubject = new Map<string, Errand[]>();
    for (const errand of errands) {
      const subject = this.#settings.subjects.call(errand.work);
      const others = bySubject.get(subject);
      if (others === undefined) bySubject.set(subject, [errand]);
      else others.push(errand);
    }
    for (const [subject, all] of bySubject) this.#sendTo(subject, all);
  }

  #sendTo(subject: string, errands: readonly Errand[]): void {
    const most = Math.min(MOST, Math.max(1, Math.floor(TOGETHER_MS / (this.#took.get(subject) ?? TOGETHER_MS))));
    const room = this.#transport().maxPayload - HEAD_BYTES;
    let together: Errand[] = [];
    let size = 0;
    for (const errand of errands) {
      const bytes = errand.part.byteLength + overhead(1);
      if (bytes > room) {
        void this.#shrink(errand);
        continue;
      }
      if (together.length > 0 && (together.length >= most || size + bytes > room)) {
        this.#publish(subject, together);
        together = [];
        size = 0;
      }
      together.push(errand);
      size += bytes;
    }
    if (together.length > 0) this.#publish(subject, together);
  }

  /** For good: who does not take it leaves it where it is, and who takes it is the last. */
  async #shrink(errand: Errand): Promise<void> {
    const part = await this.#large.shrink(errand);
    if (part === undefined || errand.state === "over") return;
    errand.part = part;
    this.send([errand]);
  }

  #publish(subject: string, errands: readonly Errand[]): void {
    const { id, lease, subjects, clock } = this.#settings;
    const { module, name, version } = errands[0]!.work;
    const batch = ++this.#batch;
    const now = clock.now();
    for (const errand of errands) {
      errand.state = "sent";
      errand.batch = batch;
      errand.heardAt = now;
    }
    const head = ["calls", id, lease, module, name, version] as const;
    this.#transport().publish(subject, write(head, errands.map(({ part }) => part)), subjects.to(id, batch));
    // Its time limit was moved while it waited. Who hears of this caller for the first time asks for it.
    for (const { afterword } of errands) if (afterword !== undefined) this.#transport().publish(subjects.of(id), write(afterword));
  }
}
