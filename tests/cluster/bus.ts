/**
 * A transport in memory, in the time of a clock: subjects, queue groups, and word of what nobody hears, as of NATS. Its
 * connections can be cut: what is sent meanwhile is kept and comes later, as a client keeps it that connects again, or is lost, as with a machine
 * between; what would have come is lost.
 */
import type { Clock } from "../../src/ports/clock.ts";
import type { Durable, Store } from "../../src/executor/cluster/durable.ts";
import { Keep } from "./keep.ts";
import type { Incoming, Subscription, Transport } from "../../src/executor/cluster/transport.ts";

interface Listener {
  readonly words: readonly string[];
  readonly queue: string | undefined;
  readonly of: Connection;
  receive(message: Incoming): void;
}

const EMPTY = new Uint8Array();

export class Bus {
  readonly listeners = new Set<Listener>();
  /** All that was published, for who wants to look: subjects only. */
  readonly log: string[] = [];
  readonly keep: Keep;
  readonly #clock: Clock;
  readonly #latency: number;
  readonly #pick: (below: number) => number;

  /** @param pick chooses among those of a queue group */
  constructor(clock: Clock, { latency = 0, pick = (): number => 0 }: { latency?: number; pick?: (below: number) => number } = {}) {
    this.#clock = clock;
    this.keep = new Keep(clock);
    this.#latency = latency;
    this.#pick = pick;
  }

  connect(): Connection {
    return new Connection(this);
  }

  publish(subject: string, data: Uint8Array, reply: string | undefined): void {
    this.log.push(subject);
    const deliver = (): void => this.#deliver(subject, data, reply);
    if (this.#latency === 0) queueMicrotask(deliver);
    else this.#clock.arm({ at: this.#clock.now() + this.#latency, slot: -1, fire: deliver });
  }

  #deliver(subject: string, data: Uint8Array, reply: string | undefined): void {
    const heard = [...this.listeners].filter(({ words, of }) => !of.isCut && matches(words, subject.split(".")));
    if (heard.length === 0 && reply !== undefined) {
      for (const listener of this.listeners) if (!listener.of.isCut && matches(listener.words, reply.split("."))) listener.receive({ subject: reply, data: EMPTY, reply: undefined, isUnheard: true });
      return;
    }
    const groups = new Map<string, Listener[]>();
    for (const listener of heard) {
      if (listener.queue === undefined) listener.receive({ subject, data, reply, isUnheard: false });
      else groups.set(listener.queue, [...(groups.get(listener.queue) ?? []), listener]);
    }
    for (const group of groups.values()) group[this.#pick(group.length)]!.receive({ subject, data, reply, isUnheard: false });
  }
}

export class Connection implements Transport {
  readonly maxPayload = 2 ** 20;
  readonly store = async (): Promise<Store> => this.#bus.keep.store(this);
  readonly durable = async (): Promise<Durable> => this.#bus.keep.for(this);
  isCut = false;
  /** Whoever is behind it has died: it says nothing any more. */
  isDead = false;
  #isLossy = false;
  readonly #bus: Bus;
  readonly #own = new Set<Listener>();
  readonly #kept: (() => void)[] = [];
  readonly #onClosed: ((error: Error | undefined) => void)[] = [];

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  publish(subject: string, data: Uint8Array, reply?: string): void {
    if (this.isDead) return;
    const send = (): void => this.#bus.publish(subject, data, reply);
    if (!this.isCut) send();
    else if (!this.#isLossy) this.#kept.push(send);
  }

  subscribe(subject: string, receive: (message: Incoming) => void, queue?: string): Subscription {
    const listener: Listener = { words: subject.split("."), queue, of: this, receive: (message) => this.isDead || receive(message) };
    this.#own.add(listener);
    this.#bus.listeners.add(listener);
    return {
      end: async () => {
        this.#own.delete(listener);
        this.#bus.listeners.delete(listener);
      },
    };
  }

  async flush(): Promise<void> {}

  hold(): void {}

  onClosed(told: (error: Error | undefined) => void): void {
    this.#onClosed.push(told);
  }

  async close(): Promise<void> {
    for (const listener of this.#own) this.#bus.listeners.delete(listener);
    for (const told of this.#onClosed.splice(0)) told(undefined);
  }

  /** @param isLossy what is sent meanwhile is lost, too */
  cut(isLossy = false): void {
    this.isCut = true;
    this.#isLossy = isLossy;
  }

  heal(): void {
    this.isCut = false;
    for (const send of this.#kept.splice(0)) send();
  }

  die(): void {
    this.isDead = true;
    this.isCut = true;
    for (const listener of this.#own) this.#bus.listeners.delete(listener);
  }
}

function matches(pattern: readonly string[], words: readonly string[]): boolean {
  for (const [at, word] of pattern.entries()) {
    if (word === ">") return words.length > at;
    if (word !== "*" && word !== words[at]) return false;
  }
  return pattern.length === words.length;
}
