/**
 * The side of a cluster that runs works: takes calls for its own pool, and hands back what came of them.
 *
 * Invariants
 *   1. Only works run that it serves, and nothing that a message says is loaded.
 *   2. A call that it has taken it names in each beat until its result is out.
 *   3. No call outlives its caller by more than a lease, but for its cleanup.
 *   4. What cannot be read is counted and does nothing else.
 */
import { arrive } from "../../../context/travelling.ts";
import { enclose } from "../../../task/enclose.ts";
import { scopeOf } from "../../../task/scopes.ts";
import type { Executor } from "../../contract.ts";
import type { RelayOptions } from "../../pool/requests.ts";
import type { Carried, OfCaller } from "../wire/messages.ts";
import { callPart, readOfCaller, readPart, write } from "../wire/messages.ts";
import { type Fault, Unreadable } from "../wire/frame.ts";
import { WorkerDiedError } from "../../worker-died-error.ts";
import type { Settings } from "../settings.ts";
import type { WorkName } from "../subjects.ts";
import { type About, answerSurveys } from "../survey.ts";
import type { Incoming, Subscription, Transport } from "../transport.ts";
import { Admission } from "./admission.ts";
import { Guest, type GuestEvents, inMessages } from "./guest.ts";
import { type Outcome, partFor } from "./outcome.ts";
import { Relay } from "./relay.ts";
import type { Served } from "./served.ts";
import type { Visit } from "./visit.ts";

export interface WorkerSettings extends Settings {
  /** There is no other worker for its callers. */
  readonly isOnly: boolean;
}

/** What a worker is doing, and has done. */
export interface WorkerStatistics {
  /** Calls that it has. */
  readonly running: number;
  /** Callers of whom it has some. */
  readonly callers: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Calls that it did not take for want of room. */
  readonly busy: number;
  /** Callers whose lease ended while it had calls of theirs. */
  readonly expired: number;
  /** Messages that were not read, by what was wrong with them. */
  readonly faults: Readonly<Record<Fault, number>>;
}

export class ClusterWorker implements GuestEvents {
  readonly #settings: WorkerSettings;
  readonly #transport: Transport;
  readonly #pool: Executor;
  readonly #served: Served;
  readonly #guests = new Map<string, Guest>();
  readonly #admission: Admission;
  readonly #relay: Relay;
  readonly #subscriptions: Subscription[];
  readonly #counts = { succeeded: 0, failed: 0, cancelled: 0, busy: 0, expired: 0 };
  readonly #faults: Record<Fault, number> = { foreign: 0, protocol: 0, format: 0, malformed: 0 };
  #running = 0;
  #onIdle: (() => void) | undefined;

  constructor(transport: Transport, pool: Executor, served: Served, settings: WorkerSettings) {
    this.#settings = settings;
    this.#transport = transport;
    this.#pool = pool;
    this.#served = served;
    this.#admission = new Admission(pool.size, settings.isOnly);
    this.#relay = new Relay(settings, transport);
    const { subjects, id } = settings;
    transport.subscribe(subjects.at(id), (message) => this.#hear(message));
    this.#subscriptions = served.subjects(subjects).map((subject) => transport.subscribe(subject, (message) => this.#hear(message), "workers"));
    answerSurveys(transport, subjects, () => this.#about());
    transport.publish(subjects.here, write(["hello", id]));
  }

  statistics(): WorkerStatistics {
    return { running: this.#running, callers: this.#guests.size, ...this.#counts, faults: { ...this.#faults } };
  }

  /** Takes no more calls, and waits for those that it has; those that go on for longer than `ms` are cancelled, and fail for their callers. */
  async drain(ms: number): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.end()));
    const { clock } = this.#settings;
    const timer = { at: clock.now() + ms, slot: -1, fire: () => this.#cut() };
    if (this.#running > 0) {
      clock.arm(timer);
      await new Promise<void>((resolve) => (this.#onIdle = resolve));
      clock.disarm(timer);
    }
    for (const guest of this.#guests.values()) guest.leave();
    this.#guests.clear();
  }

  #cut(): void {
    for (const { visits } of this.#guests.values()) {
      for (const visit of visits.values()) {
        const message = `Worker ${this.#settings.label} was shut down while it ran "${visit.name}", which took longer than it waits for.`;
        visit.giveUp(new WorkerDiedError("WORKER_DIED", message, undefined), ["shutdown", this.#settings.label, "the worker is shut down"]);
      }
    }
  }

  #hear(message: Incoming): void {
    if (message.isUnheard) return;
    try {
      const { head, parts } = readOfCaller(message.data);
      if (head[0] === "calls") this.#calls(head, parts, message);
      else if (head[0] === "reply") this.#relay.answered(head[1], head[2], head[3], head[4]);
    } catch (error) {
      this.#unreadable(error, message);
    }
  }

  #unreadable(error: unknown, { reply }: Incoming): void {
    if (!(error instanceof Unreadable)) throw error;
    this.#faults[error.fault]++;
    const { subjects, id } = this.#settings;
    if (reply !== undefined && subjects.isToCaller(reply)) this.#transport.publish(reply, write(["refused", id, error.message]));
  }

  #calls([, caller, lease, module, name, version]: Extract<OfCaller, readonly ["calls", ...unknown[]]>, parts: readonly Uint8Array[], { reply }: Incoming): void {
    const work: WorkName = { module, name, version };
    // Each by itself, and all before any begins: what cannot be read is not half of a message.
    const calls = parts.map((part) => readPart(part, callPart));
    const known = this.#guests.get(caller);
    if (known === undefined && this.#guests.size >= MOST_GUESTS) return this.#refuse(caller, calls.map(([id]) => id), reply);
    const guest = known ?? this.#greet(caller, lease);
    guest.heardAt = this.#settings.clock.now();
    const refused: number[] = [];
    for (const [id, input, carried] of calls) {
      if (guest.visits.has(id)) continue;
      if (this.#admission.takes(this.#running, guest.visits.size)) this.#begin(guest, work, id, input, carried);
      else refused.push(id);
    }
    if (refused.length > 0) this.#refuse(caller, refused, reply);
  }

  #refuse(caller: string, calls: readonly number[], reply: string | undefined): void {
    const { subjects, id } = this.#settings;
    this.#counts.busy += calls.length;
    const to = reply !== undefined && subjects.isToCaller(reply) ? reply : subjects.to(caller);
    this.#transport.publish(to, write(["busy", id, calls]));
  }

  #greet(caller: string, lease: number): Guest {
    const { subjects, clock, id } = this.#settings;
    const guest = new Guest(caller, Math.min(Math.max(lease, SHORTEST_LEASE_MS), LONGEST_LEASE_MS), clock, this);
    this.#guests.set(caller, guest);
    guest.listening = this.#transport.subscribe(subjects.of(caller), (message) => this.#hearOf(guest, message));
    this.#transport.publish(subjects.to(caller), write(["hello", id]));
    return guest;
  }

  /** What a caller says to all who work for him. */
  #hearOf(guest: Guest, message: Incoming): void {
    try {
      const { head } = readOfCaller(message.data);
      guest.heardAt = this.#settings.clock.now();
      if (head[0] === "cancel") guest.visits.get(head[1])?.cancelAs([head[2], head[3], head[4]]);
      else if (head[0] === "limit") guest.visits.get(head[1])?.limitTo(head[2]);
    } catch (error) {
      this.#unreadable(error, message);
    }
  }

  #begin(guest: Guest, name: WorkName, id: number, input: unknown, carried: Carried = {}): void {
    const visit = guest.enter(name.name, id);
    this.#running++;
    const { context, left, grace, priority } = carried;
    if (context !== undefined) arrive(visit, context);
    if (left !== undefined) visit.limitTo(left);
    const options: RelayOptions = {
      priority,
      grace,
      whenCancelled: grace === undefined ? "wait" : "terminate",
      relay: (offerId, asked, scope) => this.#relay.ask(guest, visit, offerId, asked, scope),
      ran: (ms) => (visit.ran = ms),
    };
    const own = (cause: unknown): never => {
      throw cause;
    };
    void enclose(visit, async () => this.#pool.run(this.#served.find(name), input as never, scopeOf(visit), options), own).then(
      (value) => this.#end(guest, visit, { value }),
      (error: unknown) => this.#end(guest, visit, { error }),
    );
  }

  #end(guest: Guest, visit: Visit, outcome: Outcome): void {
    this.#admission.learn(visit.ran);
    const isCancelled = "error" in outcome && outcome.error === visit.cause;
    this.#counts[isCancelled ? "cancelled" : "error" in outcome ? "failed" : "succeeded"]++;
    guest.answer(partFor(visit, outcome, this.#settings, this.#transport));
    guest.visits.delete(visit.id);
    this.#running--;
    if (this.#running === 0) this.#onIdle?.();
  }

  // Of callers.

  answers(guest: Guest, parts: readonly Uint8Array[]): void {
    const { subjects, id } = this.#settings;
    for (const some of inMessages(parts, this.#transport.maxPayload - HEAD_BYTES)) this.#transport.publish(subjects.to(guest.id), write(["results", id, false], some));
  }

  beats(guest: Guest): void {
    const { subjects, id } = this.#settings;
    this.#transport.publish(subjects.to(guest.id), write(["running", id, [...guest.visits.keys()]]));
  }

  expired(guest: Guest): void {
    this.#counts.expired++;
    this.#relay.forget(guest);
  }

  gone(guest: Guest): void {
    guest.leave();
    this.#guests.delete(guest.id);
  }

  #about(): About {
    const { id, label, subjects, clock } = this.#settings;
    const now = clock.now();
    const calls = [...this.#guests.values()].flatMap((guest) =>
      [...guest.visits.values()].map((visit) => ({ caller: guest.id, id: visit.id, work: visit.name, state: visit.cause === undefined ? "running" : "cancelling", ms: now - visit.began })),
    );
    return { kind: "worker", id, label, speaks: subjects.speech, works: this.#served.works.map(({ module, name, version }) => [module, name, version ?? null]), calls, size: this.#pool.size };
  }
}

/** For the head of a message. */
const HEAD_BYTES = 1_024;
/** Whatever a caller says. */
const SHORTEST_LEASE_MS = 50;
const LONGEST_LEASE_MS = 3_600_000;
const MOST_GUESTS = 10_000;
