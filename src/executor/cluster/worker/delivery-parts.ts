import type { Work } from "../../contract.ts";
import type { Durable } from "../durable.ts";
import type { LargeParts } from "../large-parts.ts";
import type { Settings } from "../settings.ts";
import type { WorkName } from "../subjects.ts";
import type { Transport } from "../transport.ts";
import type { CallPart, PartElsewhere } from "../wire/messages.ts";
import type { Guest } from "./guest.ts";
import type { Guests } from "./guests.ts";
import type { Hearing } from "./hearing.ts";
import type { Answer } from "./outcome.ts";

/** What durable calls need of the worker that has them. */
export interface DeliveryParts {
  readonly settings: Settings;
  readonly transport: Transport;
  readonly durable: Durable;
  readonly guests: Guests;
  readonly hearing: Hearing;
  readonly large: LargeParts;
  /** For so many ms a message is this worker's without a word. */
  readonly hold: number;
  readonly attempts: number;
  /** How many calls more it takes. */
  room(): number;
  find(work: WorkName): Work<never, unknown>;
  /** A call that lies elsewhere is fetched. */
  load(call: CallPart | PartElsewhere): Promise<CallPart>;
  run(guest: Guest, work: WorkName, call: CallPart): Promise<Answer>;
  /** Its result is out, or it is another worker's: it is named no more. */
  out(guest: Guest, id: number): void;
  /** A part that goes into a message: itself, or where it lies, or why it cannot be sent. */
  sendable(part: Uint8Array, id: number, work: string): Promise<Uint8Array>;
}
