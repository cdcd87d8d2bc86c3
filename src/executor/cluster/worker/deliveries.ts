/**
 * Durable calls, as a worker has them: messages that stay its own while it says so.
 *
 *   taken ──ask the caller──▶ asked ──wanted──▶ running ──end──▶ answered ──confirmed──▶ done
 *                              └──not any more──▶ done                └──not yet: the same answer again
 *
 * Invariants
 *   1. None begins before its caller has said that it still wants it.
 *   2. A message is let go of when its caller has the answer, or wants none, or is dead; and handed to another worker when this one cannot
 *      end it: its thread died, it is shut down. Then nothing begins that has not, whatever is known of it.
 *   3. What is recorded as completed is not run again, but answered as it was recorded; and it is recorded before it is answered.
 *   4. A message that so many have had as there are `attempts` is put aside, with the reason.
 */
import { CancelledError } from "../../../errors/cancelled.ts";
import type { Job, Taking } from "../durable.ts";
import { BEATS } from "../settings.ts";
import type { WorkName } from "../subjects.ts";
import { Ticker } from "../ticker.ts";
import { CANCELLED, type Cancelling, FAILED, SUCCEEDED } from "../../wire/messages.ts";
import { WorkerDiedError } from "../../worker-died-error.ts";
import { type CallPart, type PartElsewhere, readOfCaller, write } from "../wire/messages.ts";
import { Unreadable } from "../wire/frame.ts";
import { titleOf } from "../survey.ts";
import type { DeliveryParts } from "./delivery-parts.ts";
import type { Guest } from "./guest.ts";
import type { Said } from "./guests.ts";
import { type Answer, failurePart } from "./outcome.ts";
import { callIn } from "./parts.ts";
import { Records } from "./records.ts";

interface Delivery {
  readonly guest: Guest;
  readonly work: WorkName;
  readonly call: CallPart | PartElsewhere;
  job: Job;
  state: "asked" | "running" | "answered";
  answer: Uint8Array | undefined;
  /** Said by its caller before it began. */
  cancelling: Cancelling | undefined;
  limit: { readonly at: number } | undefined;
}

/** By default a message is a worker's own for so long without a word, and goes to so many. */
export const HOLD_MS = 10_000;
export const ATTEMPTS = 5;
/** Before it is handed to another worker: what killed a thread may kill the next one at once. */
const AGAIN_MS = 1_000;
/** A worker that ends waits so long for its callers to say that they have their answers. */
const LAST_WORDS_MS = 2_000;

export class Deliveries {
  /** Calls that were put aside. */
  buried = 0;
  readonly #parts: DeliveryParts;
  readonly #records: Records;
  readonly #ticker: Ticker;
  readonly #all = new Map<Guest, Map<number, Delivery>>();
  readonly #asking = new Map<Guest, number[]>();
  #taking: Taking[] = [];
  #size = 0;
  #isOver = false;
  #onChange: (() => void) | undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#records = new Records(parts);
    this.#ticker = new Ticker(parts.settings.clock, parts.hold / BEATS, () => {
      for (const delivery of this.#each()) delivery.job.extend();
    });
  }

  /** Takes durable calls that come in at these subjects. */
  async start(subjects: readonly string[]): Promise<void> {
    const { durable, hold } = this.#parts;
    // Each has its part, and one at least: which of them will be called nobody knows.
    const room = (): number => {
      const all = this.#parts.room() - this.#count("asked");
      return all < 1 ? 0 : Math.max(1, all / subjects.length);
    };
    this.#taking = await Promise.all(subjects.map((subject) => durable.take(subject, hold, room, (job) => this.#came(subject, job))));
  }

  /** There may be room again. */
  more(): void {
    for (const taking of this.#taking) taking.more();
  }

  /** A caller has said which he wants, and which not any more. */
  claimed(caller: string, wanted: readonly number[], unwanted: readonly number[]): void {
    const guest = this.#parts.guests.get(caller);
    if (guest === undefined) return;
    for (const id of wanted) {
      const delivery = this.#all.get(guest)?.get(id);
      if (delivery?.state === "asked") void this.#run(delivery);
    }
    for (const id of unwanted) this.#done(guest, id);
    this.more();
  }

  /** Its caller has said something of it before it began. */
  early(guest: Guest, said: Said): void {
    const delivery = this.#all.get(guest)?.get(said[1]);
    if (delivery === undefined) return;
    if (said[0] === "cancel") delivery.cancelling = [said[2], said[3], said[4]];
    else delivery.limit = { at: this.#parts.settings.clock.now() + (said[2] ?? Infinity) };
  }

  confirmed(guest: Guest, ids: readonly number[]): void {
    for (const id of ids) if (this.#all.get(guest)?.get(id)?.state === "answered") this.#done(guest, id);
  }

  /** What he has not answered is asked for again; and what is still looked up is named as what runs. */
  beats(guest: Guest): void {
    const { transport, settings } = this.#parts;
    const lookedUp: number[] = [];
    for (const [id, { state, answer }] of this.#all.get(guest) ?? []) {
      if (state === "asked") this.#ask(guest, id);
      else if (state === "answered") guest.answer(answer!, true);
      else if (!guest.visits.has(id)) lookedUp.push(id);
    }
    if (lookedUp.length > 0) transport.publish(settings.subjects.to(guest.id), write(["running", settings.id, lookedUp]));
  }

  /** He is dead: what has not begun never will. */
  expired(guest: Guest): void {
    for (const [id, { state }] of this.#all.get(guest) ?? []) if (state !== "running") this.#done(guest, id);
  }

  /** Takes no more, and hands on what has not begun. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#taking.map((taking) => taking.end()));
    for (const delivery of this.#each()) if (delivery.state === "asked") this.#again(delivery, 0);
  }

  /** Until all have their answers, or have had the time for it. */
  async end(): Promise<void> {
    const { clock } = this.#parts.settings;
    let isLate = false;
    const late = (): void => {
      isLate = true;
      this.#onChange?.();
    };
    const timer = { at: clock.now() + LAST_WORDS_MS, slot: -1, fire: late };
    clock.arm(timer);
    while (this.#size > 0 && !isLate) await new Promise<void>((resolve) => (this.#onChange = resolve));
    clock.disarm(timer);
    this.#ticker.set(false);
  }

  #came(subject: string, job: Job): void {
    const { hearing, guests, attempts, settings } = this.#parts;
    let taken: Pick<Delivery, "guest" | "work" | "call"> | undefined;
    let caller = "";
    const why = hearing.judge(() => {
      const { head, parts } = readOfCaller(job.data);
      if (head[0] !== "calls" || parts.length !== 1) throw new Unreadable("malformed", "it is no call");
      const [, from, lease, module, name, version] = head;
      const call = callIn(parts[0]!);
      const guest = this.#isOver ? undefined : guests.welcome(from, lease, false);
      caller = from;
      if (guest !== undefined) taken = { guest, work: { module, name, version }, call };
    });
    if (why !== undefined) return void this.#bury(subject, job, `It cannot be read: ${why}.`);
    if (taken === undefined) return job.again(AGAIN_MS);
    const { guest, work, call } = taken;
    const known = this.#all.get(guest)?.get(call[0]);
    // It was ours already, and we were too slow to say so.
    if (known !== undefined) return void (known.job = job);
    const delivery: Delivery = { guest, work, call, job, state: "asked", answer: undefined, cancelling: undefined, limit: undefined };
    this.#add(delivery);
    if (job.attempt <= attempts) return this.#ask(guest, call[0]);
    const reason = `${attempts} workers have had "${titleOf(work)}" of caller ${caller}, and none has ended it: they died, or were cut off.`;
    void this.#giveUp(delivery, subject, failurePart(call[0], FAILED, new WorkerDiedError("WORKER_DIED", reason, undefined), settings.names), reason);
  }

  #ask(guest: Guest, id: number): void {
    const { transport, settings } = this.#parts;
    const asking = this.#asking.get(guest);
    if (asking !== undefined) return void asking.push(id);
    const ids = [id];
    this.#asking.set(guest, ids);
    setImmediate(() => {
      this.#asking.delete(guest);
      transport.publish(settings.subjects.to(guest.id), write(["claim", settings.id, ids]));
    });
  }

  async #run(delivery: Delivery): Promise<void> {
    const { guest, work, call } = delivery;
    delivery.state = "running";
    let token: string | undefined;
    try {
      const loaded = await this.#parts.load(call);
      token = this.#records.tokenOf(guest, work, loaded);
      const recorded = token === undefined ? undefined : await this.#records.read(token, call[0]);
      if (recorded !== undefined) return this.#answer(delivery, recorded);
      if (this.#isGone(guest)) return this.#done(guest, call[0]);
      const { cancelling } = delivery;
      if (cancelling !== undefined) return this.#answer(delivery, failurePart(call[0], CANCELLED, new CancelledError(...cancelling), this.#parts.settings.names));
      if (this.#isOver) return this.#again(delivery, 0);
      const answer = await this.#parts.run(guest, work, this.#limited(delivery, loaded));
      if (answer.givenUp !== undefined) return await this.#unfinished(delivery, answer);
      const part = answer.status === SUCCEEDED && token !== undefined ? await this.#records.write(token, answer) : answer.part;
      this.#answer(delivery, await this.#parts.sendable(part, call[0], work.name));
    } catch {
      // What is to be read or written could not be: the servers are between leaders, or gone. Whoever has it next tries again.
      this.#again(delivery, AGAIN_MS);
    } finally {
      this.#parts.out(guest, call[0]);
      this.more();
    }
  }

  #limited({ limit }: Delivery, call: CallPart): CallPart {
    return limit === undefined ? call : [call[0], call[1], { ...call[2], left: Math.max(0, limit.at - this.#parts.settings.clock.now()) }];
  }

  async #unfinished(delivery: Delivery, { givenUp, part }: Answer): Promise<void> {
    const { guest, call, job, work } = delivery;
    if (givenUp!.code === "WORKER_LOST") return this.#done(guest, call[0]);
    if (this.#isOver || job.attempt < this.#parts.attempts) return this.#again(delivery, this.#isOver ? 0 : AGAIN_MS);
    await this.#giveUp(delivery, this.#parts.settings.subjects.job(work), part, givenUp!.message);
  }

  /** It is put aside, and its caller told. */
  async #giveUp(delivery: Delivery, subject: string, part: Uint8Array, reason: string): Promise<void> {
    const { durable } = this.#parts;
    await durable.bury(subject, delivery.job.data, reason).catch(() => {});
    this.buried++;
    this.#answer(delivery, part);
  }

  async #bury(subject: string, job: Job, reason: string): Promise<void> {
    try {
      await this.#parts.durable.bury(subject, job.data, reason);
      this.buried++;
      job.done();
    } catch {
      job.again(AGAIN_MS);
    }
  }

  #answer(delivery: Delivery, part: Uint8Array): void {
    if (this.#isGone(delivery.guest)) return this.#done(delivery.guest, delivery.call[0]);
    delivery.state = "answered";
    delivery.answer = part;
    delivery.guest.answer(part, true);
  }

  /** Its caller has died, and nobody listens to him any more. */
  #isGone(guest: Guest): boolean {
    return this.#parts.guests.get(guest.id) !== guest;
  }

  #again(delivery: Delivery, ms: number): void {
    delivery.job.again(ms);
    this.#remove(delivery.guest, delivery.call[0]);
  }

  #done(guest: Guest, id: number): void {
    const delivery = this.#all.get(guest)?.get(id);
    if (delivery === undefined) return;
    delivery.job.done();
    if (delivery.call.length === 2) this.#parts.large.remove(delivery.call[1]);
    this.#remove(guest, id);
  }

  #add(delivery: Delivery): void {
    const own = this.#all.get(delivery.guest);
    if (own === undefined) this.#all.set(delivery.guest, new Map([[delivery.call[0], delivery]]));
    else own.set(delivery.call[0], delivery);
    this.#size++;
    this.#ticker.set(true);
  }

  #remove(guest: Guest, id: number): void {
    const own = this.#all.get(guest);
    if (own?.delete(id) !== true) return;
    if (own.size === 0) this.#all.delete(guest);
    this.#size--;
    if (this.#size === 0) this.#ticker.set(false);
    this.#onChange?.();
  }

  *#each(): Generator<Delivery> {
    for (const own of this.#all.values()) yield* own.values();
  }

  #count(state: Delivery["state"]): number {
    let count = 0;
    for (const delivery of this.#each()) if (delivery.state === state) count++;
    return count;
  }
}
