/** The way back to the caller, over the link. */
import { isCancelled } from "../../errors/cancelled.ts";
import { MisuseError } from "../../errors/misuse.ts";
import { nodeFor } from "../../task/park.ts";
import type { Caller, Transferable, Work } from "../contract.ts";
import type { Cancellable, CancelScope } from "../../task/capabilities.ts";
import { scopeEnded } from "../../task/misuse.ts";
import { openLimited } from "../../task/scopes.ts";
import { idOf } from "../offer.ts";
import { decodeFailure } from "../wire/failure.ts";
import { DROP, REQUEST } from "../wire/messages.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import { exportAtHand, exportOf } from "../modules.ts";
import { declarationOf } from "../work.ts";
import type { CallRoot } from "./call-root.ts";
import type { Link } from "./link.ts";

type Answer = (succeeded: boolean, value: unknown) => void;

interface Reply {
  readonly succeeded: boolean;
  readonly value: unknown;
}

/** The questions of a worker that have no answer yet. */
export class Requests {
  readonly #link: Link;
  readonly #listen: () => void;
  readonly #flush: () => void;
  readonly #open = new Map<number, Answer>();
  #last = 0;

  /** @param flush sends what is finished */
  constructor(link: Link, listen: () => void, flush: () => void) {
    this.#link = link;
    this.#listen = listen;
    this.#flush = flush;
  }

  answered(id: number, succeeded: boolean, value: unknown): void {
    const answer = this.#open.get(id);
    this.#open.delete(id);
    answer?.(succeeded, value);
  }

  ask(slot: number, offer: string, input: unknown, blocks: boolean, answer: Answer): number {
    const id = ++this.#last;
    this.#open.set(id, answer);
    try {
      this.#link.post([REQUEST, slot, id, offer, input, blocks]);
    } catch (error) {
      this.#open.delete(id);
      throw notCloneable(input, "input", offer.slice(offer.lastIndexOf("#") + 1), error, this.#link.clone);
    }
    return id;
  }

  /** Nobody waits for its answer any more; it comes all the same. */
  drop(id: number): void {
    if (this.#open.has(id)) this.#link.post([DROP, id]);
  }

  /** Blocks until the answer is there. */
  askBlocking(slot: number, offer: string, input: unknown): Reply {
    const signals = this.#link.signals ?? this.#link.claims;
    if (signals === undefined || !this.#link.canListen) throw wouldBlock("here a thread cannot wait for another one: it needs shared memory, and a look at its messages without a turn of the event loop");
    let answer: Reply | undefined;
    // The answer may depend on what lies here.
    this.#flush();
    this.ask(slot, offer, input, true, (succeeded, value) => (answer = { succeeded, value }));
    for (;;) {
      const seen = signals.replies;
      this.#listen();
      if (answer !== undefined) return answer;
      signals.awaitReply(seen);
    }
  }
}

export class RemoteCaller implements Caller {
  readonly key: string | undefined;
  readonly transfers: Transferable[] = [];
  readonly #root: CallRoot;
  readonly #requests: Requests;
  readonly #label: string;

  constructor(root: CallRoot, requests: Requests, label: string, key: string | undefined) {
    this.key = key;
    this.#root = root;
    this.#requests = requests;
    this.#label = label;
  }

  call<I, R>(offered: Work<I, R>, input: I, scope?: Cancellable): Promise<Awaited<R>> {
    const node = scope === undefined ? this.#root : nodeFor(scope, "caller.call()");
    // A scope of its own: forgotten, it is cancelled, waited for and reported, as any other (G16).
    const asked = (own: CancelScope): Promise<unknown> => this.#ask(offered, input, own);
    return openLimited(node, node.clock, "failAfter", Infinity, asked, { name: "caller.call" }) as Promise<Awaited<R>>;
  }

  callBlocking<I, R>(offered: Work<I, R>, input: I): Awaited<R> {
    const id = idOf(declarationOf(offered, "caller.callBlocking()"));
    this.#needCall("caller.callBlocking()");
    const { succeeded, value } = this.#requests.askBlocking(this.#root.slot, id, input);
    if (succeeded) return value as Awaited<R>;
    throw this.#interrupting(decodeFailure(value, this.#label, exportAtHand), this.#root.interruption);
  }

  transfer(...objects: readonly Transferable[]): void {
    this.transfers.push(...objects);
  }

  async #ask<I, R>(offered: Work<I, R>, input: I, own: CancelScope): Promise<unknown> {
    const id = idOf(declarationOf(offered, "caller.call()"));
    const root = this.#root;
    this.#needCall("caller.call()");
    // Of the call's own cancellation its caller knows, and whether it was abandoned (T07).
    if (root.interruption === undefined) own.throwIfCancelled();
    const { succeeded, value } = await new Promise<Reply>((resolve, reject) => {
      try {
        const request = this.#requests.ask(root.slot, id, input, false, (succeeded, value) => resolve({ succeeded, value }));
        own.onCancel(() => {
          if (root.cause === undefined) this.#requests.drop(request);
        });
      } catch (error) {
        reject(error);
      }
    });
    if (succeeded) return value;
    throw this.#interrupting(await decodeFailure(value, this.#label, exportOf), own.reason);
  }

  /** After its end its place may be another call's, with another caller. */
  #needCall(action: string): void {
    if (this.#root.ended) throw scopeEnded(this.#root, action);
  }

  /** What was interrupted because a scope here is cancelled, goes on as that cancellation. */
  #interrupting(failure: unknown, cause: unknown): unknown {
    return (isCancelled(failure) ? cause : undefined) ?? failure;
  }
}

export function wouldBlock(why: string): MisuseError {
  return new MisuseError("WOULD_BLOCK", `caller.callBlocking() cannot be used: ${why}. Use await scope.caller.call(…) instead.`);
}
