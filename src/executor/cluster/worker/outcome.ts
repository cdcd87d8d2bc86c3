/** What came of a call, as it goes to its caller. */
import { classOf } from "../../modules.ts";
import { serialize } from "../../processes/codec.ts";
import { encodeFailure } from "../../wire/failure.ts";
import { CANCELLED, DIED, FAILED, type Status, SUCCEEDED } from "../../wire/messages.ts";
import { PassingFailure } from "../../wire/passing.ts";
import { notCloneable } from "../../wire/uncloneable.ts";
import { WorkerDiedError } from "../../worker-died-error.ts";
import type { ModuleNames } from "../module-names.ts";
import { renamed } from "../renamed.ts";
import { partOf } from "../wire/frame.ts";
import type { ResultPart } from "../wire/messages.ts";
import type { Visit } from "./visit.ts";

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** A call that is over in this worker. */
export interface Answer {
  readonly id: number;
  readonly status: Status;
  readonly part: Uint8Array;
  readonly ran: number;
  /** Neither the work nor its caller ended it: its thread died, the worker is shut down, or has not heard of the caller. */
  readonly givenUp: WorkerDiedError | undefined;
}

export function answerOf(visit: Visit, outcome: Outcome, names: ModuleNames): Answer {
  const { id, ran, name } = visit;
  if ("error" in outcome) return failed(visit, outcome.error, names);
  try {
    return { id, status: SUCCEEDED, ran, givenUp: undefined, part: partOf([id, SUCCEEDED, outcome.value, ran] satisfies ResultPart) };
  } catch (error) {
    return failed(visit, notCloneable(outcome.value, "result", name, error, serialize), names);
  }
}

function failed(visit: Visit, error: unknown, names: ModuleNames): Answer {
  const { id, ran } = visit;
  const givenUp = error === visit.cause ? visit.givenUp : error instanceof WorkerDiedError ? error : undefined;
  const status = error === visit.cause ? CANCELLED : givenUp === undefined ? FAILED : DIED;
  return { id, status, ran, givenUp, part: failurePart(id, status, givenUp ?? error, names, ran) };
}

export function failurePart(id: number, status: Status, error: unknown, names: ModuleNames, ran = 0): Uint8Array {
  const encoded = error instanceof PassingFailure ? error.encoded : encodeFailure(error, classOf);
  return partOf([id, status, renamed(encoded, (url) => names.nameOf(url)), ran] satisfies ResultPart);
}
