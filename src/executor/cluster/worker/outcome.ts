/** What came of a call, as it goes to its caller. */
import { classOf } from "../../modules.ts";
import { serialize } from "../../processes/codec.ts";
import { encodeFailure } from "../../wire/failure.ts";
import { CANCELLED, DIED, FAILED, type Status, SUCCEEDED } from "../../wire/messages.ts";
import { PassingFailure } from "../../wire/passing.ts";
import { notCloneable } from "../../wire/uncloneable.ts";
import { WorkerDiedError } from "../../worker-died-error.ts";
import { renamed } from "../renamed.ts";
import type { Settings } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { partOf } from "../wire/frame.ts";
import type { ResultPart } from "../wire/messages.ts";
import { tooLarge } from "./relay.ts";
import type { Visit } from "./visit.ts";

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** For the head of the message. */
const HEAD_BYTES = 1_024;

export function partFor(visit: Visit, outcome: Outcome, settings: Settings, transport: Transport): Uint8Array {
  const part = "error" in outcome ? failed(visit, outcome.error, settings) : succeeded(visit, outcome.value, settings);
  if (part.byteLength <= transport.maxPayload - HEAD_BYTES) return part;
  return failed(visit, tooLarge(`What came of "${visit.name}"`, part.byteLength, transport), settings);
}

function succeeded(visit: Visit, value: unknown, settings: Settings): Uint8Array {
  try {
    return partOf([visit.id, SUCCEEDED, value, visit.ran] satisfies ResultPart);
  } catch (error) {
    return failed(visit, notCloneable(value, "result", visit.name, error, serialize), settings);
  }
}

function failed(visit: Visit, error: unknown, { names }: Settings): Uint8Array {
  const [status, thrown] = judged(visit, error);
  const encoded = thrown instanceof PassingFailure ? thrown.encoded : encodeFailure(thrown, classOf);
  return partOf([visit.id, status, renamed(encoded, (url) => names.nameOf(url)), visit.ran] satisfies ResultPart);
}

function judged(visit: Visit, error: unknown): readonly [Status, unknown] {
  if (error === visit.cause) return [CANCELLED, visit.givenUp ?? error];
  return [error instanceof WorkerDiedError ? DIED : FAILED, error];
}
