/** What JetStream keeps, in memory and in the time of a clock: messages that are held for a while, records, dead letters. Who is cut off reaches none of it. */
import type { Clock, Timer } from "../../src/ports/clock.ts";
import type { Durable, Job, Store, Taking } from "../../src/executor/cluster/durable.ts";

/** Who is cut off reaches nothing. */
interface Connection {
  readonly isCut: boolean;
}

interface Kept {
  readonly place: number;
  readonly subject: string;
  readonly data: Uint8Array;
  attempt: number;
  /** Whose it is, until when. */
  heldUntil: number;
  timer: Timer | undefined;
}

interface Taker {
  readonly subject: string;
  readonly hold: number;
  readonly of: Connection;
  room(): number;
  receive(job: Job): void;
}

export class Keep {
  readonly jobs = new Map<number, Kept>();
  readonly records = new Map<string, Uint8Array>();
  readonly objects = new Map<string, Uint8Array>();
  readonly dead: { readonly reason: string; readonly data: Uint8Array }[] = [];
  readonly #ids = new Map<string, number>();
  readonly #takers = new Set<Taker>();
  readonly #clock: Clock;
  #last = 0;
  #isDue = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  store(connection: Connection): Store {
    const reach = async (): Promise<void> => {
      await Promise.resolve();
      if (connection.isCut) throw new Error("503: no responders");
    };
    return {
      put: async (name, data) => reach().then(() => void this.objects.set(name, data)),
      get: async (name) => reach().then(() => this.objects.get(name)),
      remove: async (name) => reach().then(() => void this.objects.delete(name)),
    };
  }

  for(connection: Connection): Durable {
    const reach = async (): Promise<void> => {
      await Promise.resolve();
      if (connection.isCut) throw new Error("503: no responders");
    };
    return {
      put: async (subject, data, id) => {
        await reach();
        const known = this.#ids.get(id);
        if (known !== undefined) return known;
        const place = ++this.#last;
        this.#ids.set(id, place);
        this.jobs.set(place, { place, subject, data, attempt: 0, heldUntil: 0, timer: undefined });
        this.#deal();
        return place;
      },
      isThere: async (place) => {
        await reach();
        return this.jobs.has(place);
      },
      remove: async (place) => {
        if (!connection.isCut) this.jobs.delete(place);
      },
      take: async (subject, hold, room, receive) => this.#take({ subject, hold, of: connection, room, receive }),
      record: async (key, data) => {
        await reach();
        if (this.records.has(key)) return false;
        this.records.set(key, data);
        return true;
      },
      recorded: async (key) => {
        await reach();
        return this.records.get(key);
      },
      bury: async (_subject, data, reason) => {
        await reach();
        this.dead.push({ reason, data });
      },
    };
  }

  #take(taker: Taker): Taking {
    this.#takers.add(taker);
    this.#deal();
    return {
      more: () => this.#deal(),
      end: async () => void this.#takers.delete(taker),
    };
  }

  #deal(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      for (const kept of this.jobs.values()) if (kept.heldUntil <= this.#clock.now()) this.#give(kept);
    });
  }

  #give(kept: Kept): void {
    const taker = [...this.#takers].find(({ subject, of, room }) => !of.isCut && room() >= 1 && (subject === kept.subject || (subject.endsWith(".>") && kept.subject.startsWith(subject.slice(0, -1)))));
    if (taker === undefined) return;
    const attempt = ++kept.attempt;
    const isMine = (): boolean => this.jobs.get(kept.place) === kept && kept.attempt === attempt && !taker.of.isCut;
    const hold = (ms: number): void => {
      kept.heldUntil = this.#clock.now() + ms;
      if (kept.timer !== undefined) this.#clock.disarm(kept.timer);
      kept.timer = { at: kept.heldUntil, slot: -1, fire: () => this.#deal() };
      this.#clock.arm(kept.timer);
    };
    hold(taker.hold);
    taker.receive({
      data: kept.data,
      attempt,
      extend: () => isMine() && hold(taker.hold),
      done: () => {
        if (!isMine()) return;
        this.#clock.disarm(kept.timer!);
        this.jobs.delete(kept.place);
      },
      again: (ms) => isMine() && hold(ms),
    });
  }
}
