/**
 * Durable calls on their way out: each is laid down by itself, and stays there until its worker has done it and this side knows.
 *
 * Invariants
 *   1. A worker asks before it begins one (see the reception): what is withdrawn never begins.
 *   2. While its caller wants it, it is kept: one that has vanished is laid down again. So it runs at least once.
 *   3. One that is being cancelled is over when its worker says so, or has not been heard of for a lease; and it is not laid down again.
 */
import { ClusterError } from "../../cluster-error.ts";
import { describe } from "../../../errors/brand.ts";
import { FAILED } from "../../wire/messages.ts";
import type { Durable } from "../durable.ts";
import type { Settings } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { write } from "../wire/messages.ts";
import type { Errand, Sending } from "./errand.ts";
import type { Errands } from "./errands.ts";
import type { Large } from "./large.ts";

const HEAD_BYTES = 1_024;
/** Ever later, up to that. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;
/** A call that nobody asks for is looked for after so many leases. */
const LEASES = 6;

export class Deposits implements Sending {
  readonly #settings: Settings & { readonly patience: number };
  readonly #transport: () => Transport;
  readonly #durable: () => Durable;
  readonly #errands: Errands;
  readonly #large: Large;

  constructor(settings: Settings & { readonly patience: number }, transport: () => Transport, durable: () => Durable, errands: Errands, large: Large) {
    this.#settings = settings;
    this.#transport = transport;
    this.#durable = durable;
    this.#errands = errands;
    this.#large = large;
  }

  add(errand: Errand): void {
    this.send([errand]);
  }

  send(errands: readonly Errand[]): void {
    for (const errand of errands) void this.#put(errand);
  }

  learn(): void {}

  withdraw(errand: Errand): boolean {
    if (errand.state !== "sent") return false;
    if (errand.place !== undefined) void this.#durable().remove(errand.place);
    return true;
  }

  /** Its worker is gone, and another one will have it. */
  isLost(errand: Errand): boolean {
    const { clock, lease } = this.#settings;
    if (errand.cancelling !== undefined) {
      if (errand.place !== undefined) void this.#durable().remove(errand.place);
      this.#errands.cancel(errand, errand.cancelling);
    } else if (errand.state === "heard") {
      errand.state = "sent";
      errand.heardAt = clock.now();
    } else if (errand.place !== undefined && clock.now() - errand.heardAt > LEASES * lease) {
      errand.heardAt = clock.now();
      void this.#lookFor(errand, errand.place);
    }
    return false;
  }

  async #lookFor(errand: Errand, place: number): Promise<void> {
    // Where that cannot be told now, the next time will do.
    const isThere = await this.#durable().isThere(place).catch(() => true);
    if (!isThere && errand.state === "sent" && errand.place === place) await this.#put(errand);
  }

  async #put(errand: Errand): Promise<void> {
    const { id, lease, subjects, clock, patience } = this.#settings;
    const { module, name, version } = errand.work;
    errand.state = "sent";
    errand.place = undefined;
    const began = (errand.heardAt = clock.now());
    const isLarge = errand.part.byteLength > this.#transport().maxPayload - HEAD_BYTES;
    const part = isLarge ? await this.#large.shrink(errand) : errand.part;
    if (part === undefined) return;
    const message = write(["calls", id, lease, module, name, version], [part]);
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(LAST_RETRY_MS, 2 * delay)) {
      try {
        const place = await this.#durable().put(subjects.job(errand.work), message, `${id}.${errand.id}.${began}`);
        errand.place = place;
        if (this.#errands.get(errand.id) !== errand) void this.#durable().remove(place);
        return;
      } catch (error) {
        if (this.#errands.get(errand.id) !== errand) return;
        // It may have been kept all the same: by the same name it is kept once.
        if (clock.now() - began > patience) {
          const message = `"${name}" could not be laid down for ${patience} ms: ${describe(error)}. Do the servers have JetStream, and a leader for its streams?`;
          return this.#errands.end(errand, FAILED, new ClusterError("NOT_CONNECTED", message, { cause: error }));
        }
        await new Promise<void>((resolve) => clock.arm({ at: clock.now() + delay, slot: -1, fire: resolve }));
      }
    }
  }
}
