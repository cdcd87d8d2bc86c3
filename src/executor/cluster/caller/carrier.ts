/**
 * The carrier of a pool whose works run on other machines: what the pool says goes out as messages of the cluster.
 *
 * Invariants
 *   1. Each call that the pool gave has one end: a result, or that it was given up for lost.
 *   2. A call is lost when no worker has named it for a lease, while this side was awake: then it may have run, or not.
 *   3. What no worker can have is cancelled here, and at once.
 */
import type { Observed } from "../../../ports/probe.ts";
import type { Transferable } from "../../contract.ts";
import type { Carrier, CarrierEvents } from "../../pool/carrier.ts";
import { serialize } from "../../processes/codec.ts";
import { handOver } from "../../processes/hand-over.ts";
import { CALL_LENGTH, CALLS, CANCEL, type Cancelling, CLOSE, DEADLINE, DIED, type Extra, FAILED, type Message, READY, REPLY } from "../../wire/messages.ts";
import type { Clone } from "../../wire/uncloneable.ts";
import { WorkerDiedError } from "../../worker-died-error.ts";
import type { Durable } from "../durable.ts";
import { LargeParts } from "../large-parts.ts";
import { BEATS, type Settings } from "../settings.ts";
import type { WorkName } from "../subjects.ts";
import { type About, answerSurveys } from "../survey.ts";
import { Ticker } from "../ticker.ts";
import type { Keeping, Transport } from "../transport.ts";
import { partOf } from "../wire/frame.ts";
import { type Carried, type OfCaller, write } from "../wire/messages.ts";
import { Again } from "./again.ts";
import { Deposits } from "./deposits.ts";
import { Errand, leftUntil, type Sending } from "./errand.ts";
import { Errands } from "./errands.ts";
import { Large } from "./large.ts";
import { missing } from "./missing.ts";
import { Outgoing } from "./outgoing.ts";
import { Questions } from "./questions.ts";
import { Reception } from "./reception.ts";

export interface CallerSettings extends Settings {
  /** How long a call waits for a worker that serves it, in ms. */
  readonly patience: number;
  /** Its calls are laid down, and stay there until they are done. */
  readonly durable?: Keeping | undefined;
  /** How many calls it has under way at a time. */
  readonly size: number;
}

export class ClusterCarrier implements Carrier {
  readonly claims = undefined;
  readonly label = "the cluster";
  readonly clone: Clone = serialize;
  readonly reception: Reception;
  readonly #settings: CallerSettings;
  readonly #events: CarrierEvents;
  readonly #errands: Errands;
  readonly #sending: Sending;
  readonly #again: Again;
  readonly #questions: Questions;
  readonly #ticker: Ticker;
  #transport: Transport | undefined;
  #durable: Durable | undefined;
  #isHeld = true;
  #isOver = false;
  #last = 0;

  constructor(events: CarrierEvents, connecting: Promise<Transport>, settings: CallerSettings) {
    this.#events = events;
    this.#settings = settings;
    const errands = (this.#errands = new Errands(events, () => this.#changed()));
    const transportOf = (): Transport => this.#transport!;
    const parts = new LargeParts(transportOf, settings.subjects);
    const large = new Large(parts, errands);
    const sending = (this.#sending = settings.durable === undefined ? new Outgoing(settings, transportOf, large) : new Deposits(settings, transportOf, () => this.#durable!, errands, large));
    const again = (this.#again = new Again(settings.clock, (some) => sending.send(some)));
    const questions = (this.#questions = new Questions(settings, events, (worker, data) => this.#transport?.publish(settings.subjects.at(worker), data)));
    this.#ticker = new Ticker(settings.clock, settings.lease / BEATS, (late) => this.#beat(late));
    this.reception = new Reception({
      settings,
      errands,
      again,
      sending,
      questions,
      large: parts,
      tell: (message) => this.#tell(message),
      say: (worker, message) => this.#transport?.publish(settings.subjects.at(worker), write(message)),
      unheard: (errand) => this.#unheard(errand),
    });
    connecting.then((transport) => this.#connected(transport)).catch((error: unknown) => this.#ended({ exit: undefined, error }));
  }

  post(message: Message, transfer?: readonly Transferable[]): void {
    switch (message[0]) {
      case CALLS: {
        const errands: Errand[] = [];
        for (let at = 1; at + CALL_LENGTH <= message.length; at += CALL_LENGTH) {
          const [slot, generation, , input, extra] = message.slice(at, at + CALL_LENGTH) as [number, number, number, unknown, Extra | undefined];
          errands.push(this.#errandFor(slot, generation, input, extra));
        }
        handOver(transfer);
        for (const errand of errands) this.#errands.add(errand);
        for (const errand of errands) this.#sending.add(errand);
        return;
      }
      case CANCEL:
        return this.#cancel(message[1] as number, message[2] as number, [message[3], message[4], message[5]] as unknown as Cancelling);
      case DEADLINE:
        return this.#limit(message[1] as number, message[2] as number, message[3] as number | undefined);
      case REPLY:
        return this.#questions.answer(message[1] as number, message[2] as boolean, message[3]);
      case CLOSE:
        void this.#close();
    }
  }

  /** Workers that were heard of within a lease. */
  get workers(): number {
    const since = this.#settings.clock.now() - this.#settings.lease;
    for (const [worker, at] of this.reception.heard) if (at < since) this.reception.heard.delete(worker);
    return this.reception.heard.size;
  }

  /** A worker has ended, as is known for sure: what it had is lost with it, and what it may have had; of durable calls only where no other one comes. */
  workerDied(exit: number | string | undefined, isReplaced: boolean): void {
    const how = typeof exit === "string" ? `signal ${exit}` : `exit code ${String(exit)}`;
    for (const errand of this.#errands) {
      if (errand.state !== "sent" && errand.state !== "heard") continue;
      if (isReplaced && !this.#sending.isLost(errand)) continue;
      this.#errands.end(errand, DIED, new WorkerDiedError("WORKER_DIED", `The worker process that had "${errand.call.work}" died: ${how}.`, exit));
    }
  }

  /** Its workers are ended by those who started them, and a call that is to be terminated, by its worker. */
  kill(): void {
    this.#ended({ exit: undefined });
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#transport?.hold(isHeld);
  }

  async #connected(transport: Transport): Promise<void> {
    const { id, subjects, durable } = this.#settings;
    this.#transport = transport;
    if (durable !== undefined) this.#durable = await transport.durable!({ ...durable, subjects });
    if (this.#isOver) return transport.close();
    transport.hold(this.#isHeld);
    transport.onClosed((error) => this.#ended(error === undefined ? { exit: undefined } : { exit: undefined, error }));
    transport.subscribe(subjects.to(id, "*"), (message) => {
      if (!this.#isOver) this.reception.receive(message);
    });
    transport.subscribe(subjects.here, () => this.#again.all());
    answerSurveys(transport, subjects, () => this.#about());
    this.#events.received([READY]);
  }

  /** Throws for what cannot be sent. */
  #errandFor(slot: number, generation: number, input: unknown, extra: Extra | undefined): Errand {
    const call = this.#events.callAt(slot)!;
    const { url, name, version } = call.declaration;
    const work: WorkName = { module: this.#settings.names.nameOf(url), name, version };
    const id = ++this.#last;
    const { priority, whenCancelled, grace = DEFAULT_GRACE_MS, key } = call.options;
    const carried: Carried = { left: leftUntil(extra?.deadline), context: extra?.context, priority, grace: whenCancelled === "terminate" ? grace : undefined, key };
    const hasAny = Object.values(carried).some((value) => value !== undefined);
    return new Errand(id, call, slot, generation, work, partOf([id, input, hasAny ? carried : undefined]));
  }

  #cancel(slot: number, generation: number, cancelling: Cancelling): void {
    const errand = this.#errands.at(slot, generation);
    if (errand === undefined) return;
    if (errand.state === "waiting") this.#again.remove(errand);
    if (errand.state === "waiting" || errand.state === "new" || this.#sending.withdraw(errand)) return this.#errands.cancel(errand, cancelling);
    // Throws where the reason cannot be sent; it is said again without it.
    this.#tell(["cancel", errand.id, ...cancelling]);
    errand.cancelling = cancelling;
  }

  #limit(slot: number, generation: number, deadline: number | undefined): void {
    const errand = this.#errands.at(slot, generation);
    if (errand === undefined) return;
    errand.moved = { deadline };
    this.#tell(["limit", errand.id, leftUntil(deadline)]);
  }

  #tell(message: OfCaller): void {
    this.#transport?.publish(this.#settings.subjects.of(this.#settings.id), write(message));
  }

  #unheard(errand: Errand): void {
    const now = this.#settings.clock.now();
    if (errand.cancelling !== undefined) return this.#errands.cancel(errand, errand.cancelling);
    errand.unheardSince ??= now;
    this.#again.add(errand);
    if (now - errand.unheardSince < this.#settings.patience || this.#transport === undefined) return;
    this.#again.remove(errand);
    void missing(errand.work, this.#settings, this.#transport).then((error) => this.#errands.end(errand, FAILED, error));
  }

  /** The first call has come, or the last has gone. */
  #changed(): void {
    this.#ticker.set(this.#errands.size > 0);
    if (this.#errands.size === 0) this.#questions.beat();
  }

  #beat(late: number): void {
    const { clock, lease } = this.#settings;
    this.#tell(["beat"]);
    this.#questions.beat();
    const now = clock.now();
    // Whoever was asleep himself has heard nobody.
    const wasAsleep = late > lease / BEATS;
    for (const errand of this.#errands) {
      if (errand.state !== "sent" && errand.state !== "heard") continue;
      if (wasAsleep) errand.heardAt = now;
      else if (now - errand.heardAt > lease && this.#sending.isLost(errand)) this.#lose(errand);
    }
  }

  #lose(errand: Errand): void {
    const { id, call, worker } = errand;
    const who = worker === undefined ? "No worker" : `Worker ${worker} had "${call.work}", and`;
    const message =
      `${who} ${worker === undefined ? `has said a word of "${call.work}"` : "has not been heard of"} for ${this.#settings.lease} ms: it died, or the network to it is cut, or the answer was lost. ` +
      `It may have run, wholly or in part. What may be repeated can be called again; what must not get lost is for a durable cluster.`;
    // Should it be somewhere all the same.
    this.#tell(["cancel", id, "signal", this.#settings.label, undefined]);
    this.#errands.end(errand, DIED, new WorkerDiedError("WORKER_LOST", message, undefined));
  }

  #about(): About {
    const { id, label, subjects } = this.#settings;
    const now = performance.now();
    const calls = [...this.#errands].map(({ id: call, call: { scope, submittedAt, work }, state, cancelling }) => ({
      caller: id,
      id: call,
      work,
      state: cancelling === undefined ? state : "cancelling",
      ms: now - submittedAt,
      path: pathTo(scope),
    }));
    return { kind: "caller", id, label, speaks: subjects.speech, works: [], calls, size: this.#settings.size };
  }

  async #close(): Promise<void> {
    await this.#transport?.close();
    this.#ended({ exit: 0 });
  }

  #ended(how: Parameters<CarrierEvents["died"]>[0]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#errands.stop();
    this.#ticker.set(false);
    this.#again.stop();
    void this.#transport?.close();
    this.#events.died(how);
  }
}

/** As in a pool of threads. */
const DEFAULT_GRACE_MS = 100;

/** The scopes around, from the outside in. */
function pathTo(scope: Observed): string[] {
  const path: string[] = [];
  for (let at = scope.owner; at !== undefined; at = at.owner) path.unshift(at.name);
  return path;
}
