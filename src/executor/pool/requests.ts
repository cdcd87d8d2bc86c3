/** What works ask of their callers: it runs here, in a scope below the call. */
import { MisuseError } from "../../errors/misuse.ts";
import { cameBack, wentElsewhere } from "../../scope/elsewhere.ts";
import { forest } from "../../scope/node.ts";
import type { CancelScope } from "../../task/capabilities.ts";
import type { RunOptions } from "../contract.ts";
import { openLimited } from "../../task/scopes.ts";
import { classOf, learnClassesOf } from "../modules.ts";
import { encodeFailure } from "../wire/failure.ts";
import { type Message, REPLY } from "../wire/messages.ts";
import { PassingFailure } from "../wire/passing.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import type { Call } from "./call.ts";
import { offered } from "./extra.ts";
import type { Lane } from "./lane.ts";

/** Something that a work asked for and that is under way. */
export interface Asked {
  readonly answer: Promise<unknown>;
  /** The one who asked does not wait any more. */
  cancel(): void;
}

/** How a call is run for somebody else, who is asked in the place of its caller. */
export interface RelayOptions extends RunOptions {
  relay?: (offerId: string, input: unknown, scope: CancelScope) => Promise<unknown>;
  /** Told how long it ran, in ms, before its end is. */
  ran?: (ms: number) => void;
}

/** Runs what was asked for, unless the call is cancelled. An abandoned call's is run to its end, outside of the caller's scope (T07). */
export function ask(call: Call, offerId: string, input: unknown, pool: string): Asked {
  const { relay } = call.options as RelayOptions;
  // Whoever it is handed on to knows whether his call is cancelled.
  const cause = call.isAbandoned || relay !== undefined ? undefined : call.scope.interruption;
  const offer = relay === undefined ? offered(call, offerId) : { id: offerId, fn: (_input: never, own: CancelScope) => relay(offerId, input, own) };
  if (cause !== undefined || offer === undefined) return { answer: Promise.reject(cause ?? notOffered(call, offerId, pool)), cancel() {} };
  let scope: CancelScope | undefined;
  const run = (own: CancelScope): unknown => offer.fn(input as never, (scope = own));
  const answer = openLimited(call.isAbandoned ? forest : call.scope, call.scope.clock, "failAfter", Infinity, run, { name: nameOf(offer.id) });
  call.asks(1);
  const over = (): void => call.asks(-1);
  void answer.then(over, over);
  return { answer, cancel: () => scope?.cancel() };
}

/** As `ask`, for a work elsewhere; sends the answer. */
export function answer(lane: Lane, [, slot, id, offerId, input, blocks]: Message, pool: string): void {
  const call = lane.callAt(slot as number);
  const reply = (succeeded: boolean, value: unknown): void => {
    lane.tell([REPLY, id, succeeded, value], () => [REPLY, id, false, encodeFailure(notCloneable(value, "result", String(offerId), undefined, lane.carrier.clone))]);
    if (blocks === true) lane.carrier.claims?.replied();
  };
  // The other side knows the classes of these modules.
  const urls = [call?.declaration.url ?? "", urlOf(String(offerId))];
  const fail = async (error: unknown): Promise<void> => {
    if (error instanceof PassingFailure) return reply(false, error.encoded);
    await learnClassesOf(urls).then(() => reply(false, encodeFailure(error, classOf)), () => reply(false, encodeFailure(error)));
  };
  if (call === undefined) return void fail(new MisuseError("SCOPE_ENDED", "A caller was called after the work that it called had ended."));
  call.blocksWorker = blocks === true;
  const asked = ask(call, String(offerId), input, pool);
  // Virtual time goes on for it: what it is needed for stands still meanwhile.
  cameBack();
  lane.asked.set(id, asked);
  const over = (): void => {
    wentElsewhere();
    lane.asked.delete(id);
  };
  void asked.answer.then((value) => reply(true, value), fail).finally(over);
}

function notOffered(call: Call, id: string, pool: string): MisuseError {
  const name = nameOf(id);
  const { work } = call;
  return new MisuseError("NOT_OFFERED", `The work "${work}" called "${name}", which its caller did not offer. Offer it with the call: ${pool}.run(${work}, input, scope, { offers: [${name}.by(…)] }).`);
}

function urlOf(id: string): string {
  return id.slice(0, id.lastIndexOf("#"));
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("#") + 1);
}
