/** Parts that are too large for a message: they lie in the store, and the message says where. */
import { randomBytes } from "node:crypto";
import { ClusterError } from "../cluster-error.ts";
import type { Store } from "./durable.ts";
import type { Transport } from "./transport.ts";
import type { Subjects } from "./subjects.ts";

/** More than this is nothing that anybody wants to hold in memory on both sides. */
const MOST_BYTES = 2 ** 28;

export class LargeParts {
  readonly #transport: () => Transport;
  readonly #name: string;
  #store: Promise<Store | undefined> | undefined;

  constructor(transport: () => Transport, subjects: Subjects) {
    this.#transport = transport;
    this.#name = subjects.kept("LARGE");
  }

  /** Gives the name under which it lies there. Rejects with ClusterError `"TOO_LARGE"`. `what` is for the message: "The input of …". */
  async put(part: Uint8Array, what: string): Promise<string> {
    const name = randomBytes(18).toString("base64url");
    try {
      const store = part.byteLength > MOST_BYTES ? undefined : await this.#open();
      if (store === undefined) throw this.#tooLarge(part.byteLength, what);
      await store.put(name, part);
    } catch (cause) {
      if (cause instanceof ClusterError) throw cause;
      throw new ClusterError("TOO_LARGE", `${what} takes ${part.byteLength} bytes, and could not be put into the object store: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
    }
    return name;
  }

  /** Rejects with ClusterError where it cannot be had at all; with any other error where it may be had later. */
  async get(name: string): Promise<Uint8Array> {
    const part = await (await this.#open())?.get(name);
    if (part === undefined) throw new ClusterError("TOO_LARGE", "What was too large for a message lay in the object store, and is not there any more.");
    return part;
  }

  /** Nobody needs it any more; one that stays all the same goes after a day. */
  remove(name: string): void {
    void this.#open().then((store) => store?.remove(name)).catch(() => {});
  }

  #open(): Promise<Store | undefined> {
    if (this.#store !== undefined) return this.#store;
    const opening = (this.#store = this.#transport().store?.(this.#name) ?? Promise.resolve(undefined));
    // Between leaders there is none: the next one who asks tries again.
    opening.catch(() => (this.#store = undefined));
    return opening;
  }

  #tooLarge(bytes: number, what: string): ClusterError {
    const { maxPayload } = this.#transport();
    return new ClusterError(
      "TOO_LARGE",
      bytes > MOST_BYTES
        ? `${what} takes ${bytes} bytes, and no more than ${MOST_BYTES} are sent. Send a path, or a part.`
        : `${what} takes ${bytes} bytes, and a message of this NATS carries ${maxPayload}. Give the servers JetStream (what is larger goes through their object store then), raise their max_payload, or send a path or a part.`,
    );
  }
}
