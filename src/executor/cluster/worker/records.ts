/** What is known to be completed: by a key that its caller gave, or by the call itself where its work is to be done once. */
import { createHash } from "node:crypto";
import { ClusterError } from "../../cluster-error.ts";
import { FAILED } from "../../wire/messages.ts";
import { declarationOf } from "../../work.ts";
import type { WorkName } from "../subjects.ts";
import { frame, partOf, unframe } from "../wire/frame.ts";
import { type CallPart, readPart, resultPart } from "../wire/messages.ts";
import type { DeliveryParts } from "./delivery-parts.ts";
import type { Guest } from "./guest.ts";
import { type Answer, failurePart } from "./outcome.ts";

const HEAD_BYTES = 1_024;

export class Records {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** What the completion is known by; `undefined` where it is not to be known. */
  tokenOf(guest: Guest, work: WorkName, [id, , carried]: CallPart): string | undefined {
    const key = carried?.key ?? (this.#isOnce(work) ? `${guest.id}.${id}` : undefined);
    // Of whatever version: what has been done has been done.
    return key === undefined ? undefined : createHash("sha256").update(JSON.stringify([work.module, work.name, key])).digest("hex");
  }

  /** What came of it, for a call with this id. */
  async read(token: string, id: number): Promise<Uint8Array | undefined> {
    const recorded = await this.#parts.durable.recorded(token);
    if (recorded === undefined) return undefined;
    const [, status, value, ran] = readPart(unframe(recorded)[0]!, resultPart);
    return partOf([id, status, value, ran]);
  }

  /** Records it; gives what is to be answered: of two who have done it at the same time, what the first one has recorded. */
  async write(token: string, { id, part, ran }: Answer): Promise<Uint8Array> {
    const { durable, transport, settings } = this.#parts;
    const isLarge = part.byteLength > transport.maxPayload - HEAD_BYTES;
    const kept = isLarge ? failurePart(id, FAILED, new ClusterError("TOO_LARGE", "This has been completed before, and what came of it was too large to be kept."), settings.names, ran) : part;
    if (await durable.record(token, frame([kept]))) return part;
    return (await this.read(token, id)) ?? part;
  }

  #isOnce(work: WorkName): boolean {
    try {
      return declarationOf(this.#parts.find(work), "a worker").once === true;
    } catch {
      return false;
    }
  }
}
