/** The callers of whom a worker has calls. */
import { LONGEST_LEASE_MS, type Settings } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { type OfCaller, write } from "../wire/messages.ts";
import { Guest, inMessages } from "./guest.ts";
import type { Hearing } from "./hearing.ts";

/** Whatever a caller says. */
const SHORTEST_LEASE_MS = 50;
const MOST_GUESTS = 10_000;
/** For the head of a message. */
const HEAD_BYTES = 1_024;

/** What a caller says of a call that he has sent. */
export type Said = Extract<OfCaller, readonly ["cancel" | "limit", ...unknown[]]>;

/** Told of what becomes of callers. */
export interface GuestsEvents {
  /** As often as he expects to hear of his calls. */
  beats(guest: Guest): void;
  /** His lease has ended. */
  expired(guest: Guest): void;
  /** He has said this of a call that has not begun here, if it is here at all. */
  early(guest: Guest, said: Said): void;
  /** He has these results. */
  confirmed(guest: Guest, calls: readonly number[]): void;
}

export class Guests {
  /** Whose lease ended while there were calls of theirs. */
  expired = 0;
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #hearing: Hearing;
  readonly #events: GuestsEvents;
  readonly #guests = new Map<string, Guest>();

  constructor(settings: Settings, transport: Transport, hearing: Hearing, events: GuestsEvents) {
    this.#settings = settings;
    this.#transport = transport;
    this.#hearing = hearing;
    this.#events = events;
  }

  get size(): number {
    return this.#guests.size;
  }

  [Symbol.iterator](): Iterator<Guest> {
    return this.#guests.values();
  }

  get(caller: string): Guest | undefined {
    return this.#guests.get(caller);
  }

  /** Who is new is listened to, and greeted; and he has been heard, if this is a sign of life: what was kept for him is none. `undefined` where there are too many. */
  welcome(caller: string, lease: number, isLive: boolean): Guest | undefined {
    const { subjects, clock, id } = this.#settings;
    const known = this.#guests.get(caller);
    if (known !== undefined && isLive) known.heardAt = clock.now();
    if (known !== undefined || this.#guests.size >= MOST_GUESTS) return known;
    const guest = new Guest(caller, Math.min(Math.max(lease, SHORTEST_LEASE_MS), LONGEST_LEASE_MS), clock, this);
    this.#guests.set(caller, guest);
    guest.listening = this.#transport.subscribe(subjects.of(caller), (message) => this.#hearing.hear(message, ({ head }) => this.#hear(guest, head)));
    this.#transport.publish(subjects.to(caller), write(["hello", id]));
    return guest;
  }

  leave(): void {
    for (const guest of this.#guests.values()) guest.leave();
    this.#guests.clear();
  }

  #hear(guest: Guest, head: OfCaller): void {
    guest.heardAt = this.#settings.clock.now();
    if (head[0] === "confirm") return this.#events.confirmed(guest, head[1]);
    if (head[0] !== "cancel" && head[0] !== "limit") return;
    const visit = guest.visits.get(head[1]);
    if (visit === undefined) this.#events.early(guest, head);
    else if (head[0] === "cancel") visit.cancelAs([head[2], head[3], head[4]]);
    else visit.limitAnew(head[2]);
  }

  // Of a guest.

  answers(guest: Guest, parts: readonly Uint8Array[], isToConfirm: boolean): void {
    const { subjects, id } = this.#settings;
    for (const some of inMessages(parts, this.#transport.maxPayload - HEAD_BYTES)) this.#transport.publish(subjects.to(guest.id), write(["results", id, isToConfirm], some));
  }

  beats(guest: Guest): void {
    const { subjects, id } = this.#settings;
    if (guest.visits.size > 0) this.#transport.publish(subjects.to(guest.id), write(["running", id, [...guest.visits.keys()]]));
    this.#events.beats(guest);
  }

  isExpired(guest: Guest, hadCalls: boolean): void {
    if (hadCalls) this.expired++;
    this.#events.expired(guest);
  }

  gone(guest: Guest): void {
    guest.leave();
    this.#guests.delete(guest.id);
  }
}
