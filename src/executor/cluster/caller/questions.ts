/** What works ask of their caller, on its way to the pool and back: the pool knows each by a number of its own. */
import type { EncodedFailure } from "../../wire/encoded.ts";
import type { CarrierEvents } from "../../pool/carrier.ts";
import { DROP, REQUEST } from "../../wire/messages.ts";
import { offerOf } from "../../offer.ts";
import { renamed } from "../renamed.ts";
import type { Settings } from "../settings.ts";
import type { OfCaller, OfWorker } from "../wire/messages.ts";
import type { Errand } from "./errand.ts";

interface Question {
  readonly worker: string;
  readonly request: number;
}

export class Questions {
  readonly #settings: Settings;
  readonly #events: CarrierEvents;
  readonly #open = new Map<number, Question>();
  #last = 0;

  constructor(settings: Settings, events: CarrierEvents) {
    this.#settings = settings;
    this.#events = events;
  }

  /** For a call that is over, the pool finds the words. */
  asked([, worker, , request, offered, input, blocks]: Extract<OfWorker, readonly ["request", ...unknown[]]>, errand: Errand | undefined): void {
    const key = ++this.#last;
    this.#open.set(key, { worker, request });
    this.#events.received([REQUEST, errand?.slot ?? -1, key, errand === undefined ? offered : this.#idHere(errand, offered), input, blocks]);
  }

  dropped(worker: string, request: number): void {
    for (const [key, open] of this.#open) if (open.worker === worker && open.request === request) this.#events.received([DROP, key]);
  }

  /** The answer as it goes out, and to whom. */
  answer(key: number, succeeded: boolean, value: unknown): { readonly to: string; readonly message: OfCaller } | undefined {
    const open = this.#open.get(key);
    if (open === undefined) return undefined;
    const { id, names } = this.#settings;
    const sent = succeeded ? value : renamed(value as EncodedFailure, (url) => names.nameOf(url));
    return { to: open.worker, message: ["reply", id, open.request, succeeded, sent] };
  }

  over(key: number): void {
    this.#open.delete(key);
  }

  /** Nobody waits for the answers of a worker that is gone. */
  forget(worker: string): void {
    for (const [key, open] of this.#open) if (open.worker === worker) this.#open.delete(key);
  }

  /** The other side knows the module of what was offered by its name; the pool, by its address here. */
  #idHere({ call: { options } }: Errand, offered: string): string {
    for (const given of options.offers ?? []) {
      const { id } = offerOf(given);
      const at = id.lastIndexOf("#");
      if (`${this.#settings.names.nameOf(id.slice(0, at))}${id.slice(at)}` === offered) return id;
    }
    return offered;
  }
}
