/** What a worker hears: read, or counted by what is wrong with it. */
import type { Settings } from "../settings.ts";
import type { Incoming, Transport } from "../transport.ts";
import { type Fault, Unreadable } from "../wire/frame.ts";
import { type OfCaller, type Read, readOfCaller, write } from "../wire/messages.ts";

export class Hearing {
  /** Messages that were not read, by what was wrong with them. */
  readonly faults: Record<Fault, number> = { foreign: 0, protocol: 0, format: 0, malformed: 0 };
  readonly #settings: Settings;
  readonly #transport: Transport;

  constructor(settings: Settings, transport: Transport) {
    this.#settings = settings;
    this.#transport = transport;
  }

  /** Acts on a message. What cannot be read is counted, and who waits for an answer is told; nothing else comes of it. */
  hear(message: Incoming, act: (read: Read<OfCaller>) => void): void {
    if (message.isUnheard) return;
    const why = this.judge(() => act(readOfCaller(message.data)));
    const { subjects, id } = this.#settings;
    if (why !== undefined && message.reply !== undefined && subjects.isToCaller(message.reply)) this.#transport.publish(message.reply, write(["refused", id, why]));
  }

  /** What is wrong with what `read` reads; `undefined` if nothing is. */
  judge(read: () => void): string | undefined {
    try {
      read();
      return undefined;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.faults[error.fault]++;
      return error.message;
    }
  }
}
