/**
 * The side of a cluster that runs works: takes calls for its own pool, and hands back what came of them.
 *
 * Invariants
 *   1. Only works run that it serves, and nothing that a message says is loaded.
 *   2. A call that it has taken it names in each beat until its result is out.
 *   3. No call outlives its caller by more than a lease, but for its cleanup.
 *   4. What cannot be read is counted, and does nothing else.
 */
import { arrive } from "../../../context/travelling.ts";
import { enclose } from "../../../task/enclose.ts";
import { scopeOf } from "../../../task/scopes.ts";
import type { Executor } from "../../contract.ts";
import type { RelayOptions } from "../../pool/requests.ts";
import { CANCELLED, FAILED, SUCCEEDED } from "../../wire/messages.ts";
import { WorkerDiedError } from "../../worker-died-error.ts";
import type { Durable } from "../durable.ts";
import { LargeParts } from "../large-parts.ts";
import type { Settings } from "../settings.ts";
import type { WorkName } from "../subjects.ts";
import { type About, answerSurveys } from "../survey.ts";
import type { Incoming, Subscription, Transport } from "../transport.ts";
import { type Fault, partOf } from "../wire/frame.ts";
import { type CallPart, callPart, type OfCaller, type PartElsewhere, type Read, readPart, write } from "../wire/messages.ts";
import { Admission } from "./admission.ts";
import { Deliveries } from "./deliveries.ts";
import type { Guest } from "./guest.ts";
import { Guests, type GuestsEvents, type Said } from "./guests.ts";
import { Hearing } from "./hearing.ts";
import { type Answer, answerOf, failurePart, type Outcome } from "./outcome.ts";
import { callIn } from "./parts.ts";
import { Relay } from "./relay.ts";
import type { Served } from "./served.ts";
import type { Visit } from "./visit.ts";

export interface WorkerSettings extends Settings {
  /** There is no other worker for its callers. */
  readonly isOnly: boolean;
}

/** How a worker takes durable calls. */
export interface WorkerDurable {
  readonly durable: Durable;
  /** For so many ms a message is this worker's without a word. */
  readonly hold: number;
  /** So many workers may have a message. */
  readonly attempts: number;
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
  /** Durable calls that it has put aside: dead letters. */
  readonly buried: number;
  /** Messages that were not read, by what was wrong with them. */
  readonly faults: Readonly<Record<Fault, number>>;
}

/** For the head of a message. */
const HEAD_BYTES = 1_024;

export class ClusterWorker implements GuestsEvents {
  readonly #settings: WorkerSettings;
  readonly #transport: Transport;
  readonly #pool: Executor;
  readonly #served: Served;
  readonly #hearing: Hearing;
  readonly #guests: Guests;
  readonly #admission: Admission;
  readonly #relay: Relay;
  readonly #large: LargeParts;
  readonly #subscriptions: Subscription[] = [];
  readonly #counts = { succeeded: 0, failed: 0, cancelled: 0, busy: 0 };
  #deliveries: Deliveries | undefined;
  #running = 0;
  #onIdle: (() => void) | undefined;

  constructor(transport: Transport, pool: Executor, served: Served, settings: WorkerSettings) {
    this.#settings = settings;
    this.#transport = transport;
    this.#pool = pool;
    this.#served = served;
    this.#hearing = new Hearing(settings, transport);
    this.#guests = new Guests(settings, transport, this.#hearing, this);
    this.#admission = new Admission(pool.size, settings.isOnly);
    this.#relay = new Relay(settings, transport);
    this.#large = new LargeParts(() => transport, settings.subjects);
    const { subjects, id } = settings;
    transport.subscribe(subjects.at(id), (message) => this.#hear(message));
    for (const subject of served.subjects((work) => subjects.call(work), subjects.everyCall)) this.#subscriptions.push(transport.subscribe(subject, (message) => this.#hear(message), "workers"));
    answerSurveys(transport, subjects, () => this.#about());
    transport.publish(subjects.here, write(["hello", id]));
  }

  /** Takes durable calls, too. */
  async takeDurable({ durable, hold, attempts }: WorkerDurable): Promise<void> {
    const { subjects } = this.#settings;
    const deliveries = new Deliveries({
      settings: this.#settings,
      transport: this.#transport,
      durable,
      guests: this.#guests,
      hearing: this.#hearing,
      large: this.#large,
      hold,
      attempts,
      room: () => this.#admission.most - this.#running,
      find: (work) => this.#served.find(work),
      load: (call) => this.#load(call),
      run: (guest, work, call) => this.#run(guest, work, call).finally(() => this.#left()),
      sendable: (part, id, work) => this.#sendable(part, id, work),
      out: (guest, id) => void guest.visits.delete(id),
    });
    this.#deliveries = deliveries;
    await deliveries.start(this.#served.subjects((work) => subjects.job(work), subjects.everyJob));
  }

  statistics(): WorkerStatistics {
    return { running: this.#running, callers: this.#guests.size, ...this.#counts, expired: this.#guests.expired, buried: this.#deliveries?.buried ?? 0, faults: { ...this.#hearing.faults } };
  }

  /** Takes no more calls, and waits for those that it has; those that go on for longer than `ms` are cancelled, and fail for their callers. */
  async drain(ms: number): Promise<void> {
    await Promise.all([this.#deliveries?.stop(), ...this.#subscriptions.map((subscription) => subscription.end())]);
    const { clock } = this.#settings;
    const timer = { at: clock.now() + ms, slot: -1, fire: () => this.#cut() };
    if (this.#running > 0) {
      clock.arm(timer);
      await new Promise<void>((resolve) => (this.#onIdle = resolve));
      clock.disarm(timer);
    }
    for (const guest of this.#guests) guest.flush();
    await this.#deliveries?.end();
    this.#guests.leave();
  }

  #cut(): void {
    for (const { visits } of this.#guests) {
      for (const visit of visits.values()) {
        const message = `Worker ${this.#settings.label} was shut down while it ran "${visit.name}", which took longer than it waits for.`;
        visit.giveUp(new WorkerDiedError("WORKER_DIED", message, undefined), ["shutdown", this.#settings.label, "the worker is shut down"]);
      }
    }
  }

  #hear(message: Incoming): void {
    this.#hearing.hear(message, ({ head, parts }) => {
      if (head[0] === "calls") this.#calls(head, parts, message.reply);
      else if (head[0] === "reply") this.#relay.answered(head[1], head[2], head[3], head[4]);
      else if (head[0] === "claimed") this.#deliveries?.claimed(head[1], head[2], head[3]);
    });
  }

  #calls([, caller, lease, module, name, version]: Extract<OfCaller, readonly ["calls", ...unknown[]]>, parts: Read<OfCaller>["parts"], reply: string | undefined): void {
    // All before any begins: what cannot be read is not half of a message.
    const calls = parts.map(callIn);
    const guest = this.#guests.welcome(caller, lease, true);
    const refused: number[] = [];
    for (const call of calls) {
      if (guest?.visits.has(call[0]) === true) continue;
      if (guest !== undefined && this.#admission.takes(this.#running, guest.visits.size)) void this.#answer(guest, { module, name, version }, call);
      else refused.push(call[0]);
    }
    if (refused.length === 0) return;
    const { subjects, id } = this.#settings;
    this.#counts.busy += refused.length;
    this.#transport.publish(reply !== undefined && subjects.isToCaller(reply) ? reply : subjects.to(caller), write(["busy", id, refused]));
  }

  async #answer(guest: Guest, work: WorkName, call: CallPart | PartElsewhere): Promise<void> {
    const { part } = await this.#run(guest, work, call);
    guest.answer(part.byteLength <= this.#room ? part : await this.#sendable(part, call[0], work.name), false);
    guest.visits.delete(call[0]);
    if (call.length === 2) this.#large.remove(call[1]);
    this.#left();
  }

  /** It counts as running until `#left`, and is named until it leaves the visits of its guest, when its result is out. */
  async #run(guest: Guest, work: WorkName, call: CallPart | PartElsewhere): Promise<Answer> {
    const visit = guest.enter(work.name, call[0]);
    this.#running++;
    const own = (cause: unknown): never => {
      throw cause;
    };
    const body = async (): Promise<unknown> => this.#call(guest, visit, work, call.length === 3 ? call : await this.#load(call));
    const outcome = await enclose(visit, body, own).then((value): Outcome => ({ value }), (error: unknown): Outcome => ({ error }));
    const answer = answerOf(visit, outcome, this.#settings.names);
    this.#admission.learn(visit.ran);
    this.#counts[answer.status === SUCCEEDED ? "succeeded" : answer.status === CANCELLED ? "cancelled" : "failed"]++;
    return answer;
  }

  #call(guest: Guest, visit: Visit, work: WorkName, [, input, carried = {}]: CallPart): Promise<unknown> {
    const { context, left, grace, priority, key } = carried;
    if (context !== undefined) arrive(visit, context);
    if (left !== undefined && !visit.isMoved) visit.limitTo(left);
    const options: RelayOptions = {
      key,
      priority,
      grace,
      whenCancelled: grace === undefined ? "wait" : "terminate",
      relay: (offerId, asked, scope) => this.#relay.ask(guest, visit, offerId, asked, scope),
      ran: (ms) => (visit.ran = ms),
    };
    return this.#pool.run(this.#served.find(work), input as never, scopeOf(visit), options);
  }

  async #load(call: CallPart | PartElsewhere): Promise<CallPart> {
    return call.length === 3 ? call : readPart(await this.#large.get(call[1]), callPart);
  }

  get #room(): number {
    return this.#transport.maxPayload - HEAD_BYTES;
  }

  async #sendable(part: Uint8Array, id: number, work: string): Promise<Uint8Array> {
    if (part.byteLength <= this.#room) return part;
    try {
      return partOf([id, await this.#large.put(part, `What came of "${work}"`)] satisfies PartElsewhere);
    } catch (error) {
      return failurePart(id, FAILED, error, this.#settings.names);
    }
  }

  #left(): void {
    this.#running--;
    this.#deliveries?.more();
    if (this.#running === 0) this.#onIdle?.();
  }

  // Of callers.

  beats(guest: Guest): void {
    this.#relay.beats(guest);
    this.#deliveries?.beats(guest);
  }

  expired(guest: Guest): void {
    this.#relay.forget(guest);
    this.#deliveries?.expired(guest);
  }

  early(guest: Guest, said: Said): void {
    this.#deliveries?.early(guest, said);
  }

  confirmed(guest: Guest, calls: readonly number[]): void {
    this.#deliveries?.confirmed(guest, calls);
  }

  #about(): About {
    const { id, label, subjects, clock } = this.#settings;
    const now = clock.now();
    const calls = [...this.#guests].flatMap((guest) =>
      [...guest.visits.values()].map((visit) => ({ caller: guest.id, id: visit.id, work: visit.name, state: visit.cause === undefined ? "running" : "cancelling", ms: now - visit.began })),
    );
    return { kind: "worker", id, label, speaks: subjects.speech, works: this.#served.works.map(({ module, name, version }) => [module, name, version ?? null]), calls, size: this.#pool.size };
  }
}
