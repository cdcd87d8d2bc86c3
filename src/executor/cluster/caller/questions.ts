/**
 * What works ask of their caller, on its way to the pool and back: the pool knows each by a number of its own.
 *
 * Invariants
 *   1. A worker asks again until it has the answer; each question of a call that goes on is put to the pool once.
 *   2. An answer is kept, to be sent again, until its call is over, or nobody has asked again for longer than a lease: then it has arrived.
 */
import type { EncodedFailure } from "../../wire/encoded.ts";
import type { CarrierEvents } from "../../pool/carrier.ts";
import { DROP, REQUEST } from "../../wire/messages.ts";
import { offerOf } from "../../offer.ts";
import { renamed } from "../renamed.ts";
import { BEATS, type Settings } from "../settings.ts";
import { type OfWorker, write } from "../wire/messages.ts";
import type { Errand } from "./errand.ts";

interface Question {
  readonly worker: string;
  readonly request: number;
  readonly errand: Errand | undefined;
  /** As it went out. */
  answer: Uint8Array | undefined;
  /** So many since it was last asked, or answered. */
  beats: number;
}

/** Two leases. Counted in our own, so that a sleep of this machine is no time in which somebody did not ask. */
const KEPT_BEATS = 2 * BEATS;

export class Questions {
  readonly #settings: Settings;
  readonly #events: CarrierEvents;
  readonly #publish: (worker: string, data: Uint8Array) => void;
  /** Those that the pool has, by its numbers. */
  readonly #open = new Map<number, Question>();
  /** Those, and the answered, by who asks and his number; with it goes the pool's. */
  readonly #known = new Map<string, readonly [key: number, question: Question]>();
  #last = 0;

  constructor(settings: Settings, events: CarrierEvents, publish: (worker: string, data: Uint8Array) => void) {
    this.#settings = settings;
    this.#events = events;
    this.#publish = publish;
  }

  /** For a call that is over, the pool finds the words. */
  asked([, worker, , request, offered, input, blocks]: Extract<OfWorker, readonly ["request", ...unknown[]]>, errand: Errand | undefined): void {
    const name = nameOf(worker, request);
    const known = this.#known.get(name)?.[1];
    if (known !== undefined) {
      known.beats = 0;
      if (known.answer !== undefined) this.#publish(worker, known.answer);
      return;
    }
    const key = ++this.#last;
    const question: Question = { worker, request, errand, answer: undefined, beats: 0 };
    this.#open.set(key, question);
    this.#known.set(name, [key, question]);
    this.#events.received([REQUEST, errand?.slot ?? -1, key, errand === undefined ? offered : this.#idHere(errand, offered), input, blocks]);
  }

  dropped(worker: string, request: number): void {
    const key = this.#known.get(nameOf(worker, request))?.[0];
    if (key !== undefined && this.#open.has(key)) this.#events.received([DROP, key]);
  }

  /** Sends the answer. Throws for what cannot be sent: then it may be answered otherwise. */
  answer(key: number, succeeded: boolean, value: unknown): void {
    const question = this.#open.get(key);
    if (question === undefined) return;
    const { id, names } = this.#settings;
    const { worker, request, errand } = question;
    const sent = succeeded ? value : renamed(value as EncodedFailure, (url) => names.nameOf(url));
    const data = write(["reply", id, request, succeeded, sent]);
    this.#publish(worker, data);
    this.#open.delete(key);
    question.answer = data;
    question.beats = 0;
    if (isOver(errand)) this.#known.delete(nameOf(worker, request));
  }

  /** As often as workers ask again; and when the last call is over. */
  beat(): void {
    for (const [name, [, question]] of this.#known) {
      if (question.answer !== undefined && (isOver(question.errand) || ++question.beats > KEPT_BEATS)) this.#known.delete(name);
    }
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

function nameOf(worker: string, request: number): string {
  return `${worker} ${request}`;
}

function isOver(errand: Errand | undefined): boolean {
  return errand === undefined || errand.state === "over";
}
