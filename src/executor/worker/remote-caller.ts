/** The way back to the caller, over the link. */
import { MisuseError } from "../../errors/misuse.ts";
import { nodeFor } from "../../task/park.ts";
import type { Caller, Transferable, Work } from "../contract.ts";
import type { Cancellable } from "../../task/capabilities.ts";
import { openLimited } from "../../task/scopes.ts";
import { idOf } from "../offer.ts";
import { decodeFailure } from "../wire/failure.ts";
import { REQUEST } from "../wire/messages.ts";
import { notCloneable } from "../wire/uncloneable.ts";
import { exportOf } from "../modules.ts";
import { declarationOf } from "../work.ts";
import type { CallRoot } from "./call-root.ts";
import type { Link } from "./link.ts";

type Answer = (succeeded: boolean, value: unknown) => void;

/** The questions of a worker that have no answer yet. */
export class Requests {
  readonly #link: Link;
  readonly #listen: () => void;
  readonly #open = new Map<number, Answer>();
  #last = 0;

  constructor(link: Link, listen: () => void) {
    this.#link = link;
    this.#listen = listen;
  }

  answered(id: number, succeeded: boolean, value: unknown): void {
    const answer = this.#open.get(id);
    this.#open.delete(id);
    answer?.(succeeded, value);
  }

  ask(slot: number, offer: string, input: unknown, blocks: boolean, answer: Answer): void {
    const id = ++this.#last;
    this.#open.set(id, answer);
    try {
      this.#link.post([REQUEST, slot, id, offer, input, blocks]);
    } catch (error) {
      this.#open.delete(id);
      throw notCloneable(input, "input", offer.slice(offer.lastIndexOf("#") + 1), error, this.#link.clone);
    }
  }

  /** Blocks until the answer is there. */
  askBlocking(slot: number, offer: string, input: unknown): { succeeded: boolean; value: unknown } {
    const signals = this.#link.signals ?? this.#link.claims;
    if (signals === undefined || !this.#link.canListen) throw wouldBlock("here a thread cannot wait for another one: it needs shared memory, and a look at its messages without a turn of the event loop");
    let answer: { succeeded: boolean; value: unknown } | undefined;
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
  readonly transfers: Transferable[] = [];
  readonly #root: CallRoot;
  readonly #requests: Requests;
  readonly #label: string;

  constructor(root: CallRoot, requests: Requests, label: string) {
    this.#root = root;
    this.#requests = requests;
    this.#label = label;
  }

  call<I, R>(offered: Work<I, R>, input: I, scope?: Cancellable): Promise<Awaited<R>> {
    const node = scope === undefined ? this.#root : nodeFor(scope, "caller.call()");
    // A scope of its own: forgotten, it is cancelled, waited for and reported, as any other (G16).
    const asked = async (): Promise<unknown> => {
      const id = idOf(declarationOf(offered, "caller.call()"));
      return new Promise((resolve, reject) => {
        this.#requests.ask(this.#root.slot, id, input, false, (succeeded, value) => {
          if (succeeded) resolve(value);
          else void this.#failureOf(value).then(reject);
        });
      });
    };
    return openLimited(node, node.clock, "failAfter", Infinity, asked, { name: "caller.call" }) as Promise<Awaited<R>>;
  }

  callBlocking<I, R>(offered: Work<I, R>, input: I): Awaited<R> {
    const id = idOf(declarationOf(offered, "caller.callBlocking()"));
    const { cause } = this.#root;
    if (cause !== undefined) throw cause;
    const { succeeded, value } = this.#requests.askBlocking(this.#root.slot, id, input);
    if (succeeded) return value as Awaited<R>;
    const failure = decodeFailure(value, this.#label, () => undefined);
    // It was interrupted with this scope: its own cancellation is what goes on.
    throw this.#root.interruption ?? failure;
  }

  transfer(...objects: readonly Transferable[]): void {
    this.transfers.push(...objects);
  }

  async #failureOf(value: unknown): Promise<unknown> {
    return this.#root.interruption ?? (await decodeFailure(value, "the caller", exportOf));
  }
}

export function wouldBlock(why: string): MisuseError {
  return new MisuseError("WOULD_BLOCK", `caller.callBlocking() cannot be used: ${why}. Use await scope.caller.call(…) instead.`);
}
