/** What a caller hears from workers. */
import { describe } from "../../../errors/brand.ts";
import { ClusterError } from "../../cluster-error.ts";
import { CANCELLED, FAILED, SUCCEEDED } from "../../wire/messages.ts";
import type { LargeParts } from "../large-parts.ts";
import type { Settings } from "../settings.ts";
import type { Incoming } from "../transport.ts";
import { type Fault, Unreadable, valueOf } from "../wire/frame.ts";
import { type OfCaller, type OfWorker, type PartElsewhere, partElsewhere, type Read, readOfWorker, readPart, type ResultPart, resultPart } from "../wire/messages.ts";
import type { Again } from "./again.ts";
import type { Errand, Sending } from "./errand.ts";
import type { Errands } from "./errands.ts";
import type { Questions } from "./questions.ts";

/** A failure as it comes from a worker; of our own making it is an Error. */
export interface FromWorker {
  readonly failure: unknown;
  readonly worker: string;
}

export interface ReceptionParts {
  readonly settings: Settings;
  readonly errands: Errands;
  readonly again: Again;
  readonly sending: Sending;
  readonly questions: Questions;
  readonly large: LargeParts;
  /** Says something to all who work for this caller. */
  tell(message: OfCaller): void;
  /** Says something to one of them. */
  say(worker: string, message: OfCaller): void;
  /** Nobody listens who serves it; gives up on it, or lets it be tried again. */
  unheard(errand: Errand): void;
}

export class Reception {
  /** Messages that were not read, by what was wrong with them. */
  readonly faults: Record<Fault, number> = { foreign: 0, protocol: 0, format: 0, malformed: 0 };
  /** When each worker was last heard of. */
  readonly heard: Map<string, number> = new Map();
  readonly #parts: ReceptionParts;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  receive({ subject, data, isUnheard }: Incoming): void {
    const batch = Number(subject.slice(subject.lastIndexOf(".") + 1));
    if (isUnheard) {
      for (const errand of this.#sentIn(batch)) this.#parts.unheard(errand);
      return;
    }
    try {
      this.#take(readOfWorker(data), batch);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.faults[error.fault]++;
      const failure = new ClusterError("NOT_UNDERSTOOD", `A worker answered with what cannot be read: ${error.message}. Is it of another version of this library, or of Node.js?`, { cause: error });
      if (batch > 0) for (const errand of this.#sentIn(batch)) this.#parts.errands.end(errand, FAILED, failure);
    }
  }

  #take({ head, parts }: Read<OfWorker>, batch: number): void {
    const { errands, settings, questions, tell } = this.#parts;
    const worker = head[1];
    this.heard.set(worker, settings.clock.now());
    switch (head[0]) {
      case "results":
        return this.#results(worker, parts, head[2]);
      case "busy":
        for (const errand of this.#those(head[2])) this.#refused(errand);
        return;
      case "running":
        for (const id of head[2]) {
          const errand = errands.get(id);
          // It is over for us, or was given up.
          if (errand === undefined) tell(["cancel", id, "signal", settings.label, undefined]);
          else {
            this.#has(worker, errand);
            this.#remind(errand);
          }
        }
        return;
      case "hello":
        // Of what was said before it listened.
        for (const errand of errands) this.#remind(errand);
        return;
      case "request":
        return questions.asked(head, errands.get(head[2]));
      case "drop":
        return questions.dropped(worker, head[2]);
      case "claim":
        return this.#claimed(worker, head[2]);
      case "refused":
        for (const errand of this.#sentIn(batch)) errands.end(errand, FAILED, new ClusterError("NOT_UNDERSTOOD", `Worker ${worker} could not read the call of "${errand.call.work}": ${head[2]}.`));
    }
  }

  #results(worker: string, parts: readonly Uint8Array[], isToConfirm: boolean): void {
    const { again, tell } = this.#parts;
    const seen: number[] = [];
    let ended = 0;
    for (const part of parts) {
      const value = valueOf(part);
      if (partElsewhere(value)) void this.#fetch(worker, value, isToConfirm);
      else if (resultPart(value)) {
        ended += this.#end(worker, value);
        seen.push(value[0]);
      } else throw new Unreadable("malformed", "a part of it is no result");
    }
    // What we do not know is confirmed as well: it is over.
    if (isToConfirm && seen.length > 0) tell(["confirm", seen]);
    again.released(ended);
  }

  #end(worker: string, [id, status, value, ran]: ResultPart): number {
    const { errands, sending } = this.#parts;
    const errand = errands.get(id);
    if (errand === undefined) return 0;
    if (status !== CANCELLED) sending.learn(errand, ran);
    errands.end(errand, status, status === SUCCEEDED ? value : ({ failure: value, worker } satisfies FromWorker), ran);
    return 1;
  }

  /** It is confirmed when it is here. Until then who has it answers again, where he is to be told: what could not be had now may be had then. */
  async #fetch(worker: string, [id, name]: PartElsewhere, isToConfirm: boolean): Promise<void> {
    const { errands, large, again, tell, settings } = this.#parts;
    const errand = errands.get(id);
    if (errand?.state === "arriving") return;
    if (errand !== undefined) {
      errand.state = "arriving";
      try {
        again.released(this.#end(worker, readPart(await large.get(name), resultPart)));
      } catch (error) {
        const mayComeLater = isToConfirm && !(error instanceof ClusterError || error instanceof Unreadable);
        if (mayComeLater && errand.cancelling === undefined) {
          errand.state = "heard";
          errand.heardAt = settings.clock.now();
          return;
        }
        if (mayComeLater) errands.cancel(errand, errand.cancelling!);
        else errands.end(errand, FAILED, error instanceof ClusterError ? error : new ClusterError("NOT_UNDERSTOOD", `What came of "${errand.call.work}" could not be had from the object store: ${describe(error)}.`, { cause: error }));
      }
    }
    large.remove(name);
    if (isToConfirm) tell(["confirm", [id]]);
  }

  /** A worker has calls that were laid down, and wants to begin them. */
  #claimed(worker: string, ids: readonly number[]): void {
    const { errands, settings, say } = this.#parts;
    const [wanted, unwanted]: [number[], number[]] = [[], []];
    for (const id of ids) {
      const errand = errands.get(id);
      const isWanted = errand !== undefined && errand.cancelling === undefined && errand.state !== "arriving";
      (isWanted ? wanted : unwanted).push(id);
      if (isWanted) this.#has(worker, errand);
    }
    say(worker, ["claimed", settings.id, wanted, unwanted]);
    for (const id of wanted) this.#remind(errands.get(id)!);
  }

  #remind({ afterword }: Errand): void {
    if (afterword !== undefined) this.#parts.tell(afterword);
  }

  #refused(errand: Errand): void {
    if (errand.cancelling !== undefined) return this.#parts.errands.cancel(errand, errand.cancelling);
    errand.unheardSince = undefined;
    this.#parts.again.add(errand);
  }

  #has(worker: string, errand: Errand): void {
    errand.worker = worker;
    errand.heardAt = this.#parts.settings.clock.now();
    if (errand.state === "sent") errand.state = "heard";
  }

  #those(ids: readonly number[]): Errand[] {
    return ids.flatMap((id) => this.#parts.errands.get(id) ?? []).filter(({ state }) => state === "sent");
  }

  #sentIn(batch: number): Errand[] {
    return [...this.#parts.errands].filter((errand) => errand.batch === batch && errand.state === "sent");
  }
}
