/** What works ask of their callers: it runs here, in a scope below the call. */
import { MisuseError } from "../../errors/misuse.ts";
import { forest } from "../../scope/node.ts";
import type { Scope } from "../../task/capabilities.ts";
import { openLimited } from "../../task/scopes.ts";
import { encodeFailure } from "../wire/failure.ts";
import { type Message, REPLY } from "../wire/messages.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import type { Call } from "./call.ts";
import { offered } from "./extra.ts";
import type { Lane } from "./lane.ts";

/** Runs what was asked for and sends the answer. An abandoned call's is run to its end, outside of the caller's scope (T07). */
export function answer(lane: Lane, [, slot, id, offerId, input, blocks]: Message, pool: string): void {
  const call = lane.callAt(slot as number);
  const reply = (succeeded: boolean, value: unknown): void => {
    lane.tell([REPLY, id, succeeded, value], [REPLY, id, false, encodeFailure(notCloneable(value, "result", String(offerId), undefined, lane.carrier.clone))]);
    if (blocks === true) lane.carrier.claims?.replied();
  };
  const fail = (error: unknown): void => reply(false, encodeFailure(error));
  if (call === undefined) return fail(new MisuseError("SCOPE_ENDED", "A caller was called after the work that it called had ended."));
  const offer = offered(call, String(offerId));
  if (offer === undefined) return fail(notOffered(call, String(offerId), pool));
  const run = (scope: Scope): unknown => offer.fn(input as never, scope);
  openLimited(call.isAbandoned ? forest : call.scope, call.scope.clock, "failAfter", Infinity, run, { name: nameOf(offer.id) }).then((value) => reply(true, value), fail);
}

function notOffered(call: Call, id: string, pool: string): MisuseError {
  const name = nameOf(id);
  const { name: work } = call.declaration;
  return new MisuseError("NOT_OFFERED", `The work "${work}" called "${name}", which its caller did not offer. Offer it with the call: ${pool}.run(${work}, input, scope, { offers: [${name}.by(…)] }).`);
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("#") + 1);
}
