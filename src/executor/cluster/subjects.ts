/** The subjects of a namespace: see decision 0025. */
import { FORMAT, PROTOCOL } from "./wire/frame.ts";

/** Who speaks another version, or writes values in another format, is not heard at all. */
const SPEECH = `${PROTOCOL}${FORMAT === 1 ? "" : "b"}`;
const LONGEST_WORD = 80;

export interface WorkName {
  readonly module: string;
  readonly name: string;
  readonly version: string | undefined;
}

export class Subjects {
  /** For those of whatever version: who is there, and what runs. */
  readonly survey: string;
  /** What is spoken here: the version of the messages, and whose engine's values. */
  readonly speech: string = SPEECH;
  readonly #base: string;

  constructor(namespace: string) {
    this.survey = `espalier.${word(namespace)}.survey`;
    this.#base = `espalier.${word(namespace)}.${SPEECH}`;
  }

  /** That a worker has come. */
  get here(): string {
    return `${this.#base}.here`;
  }

  /** Calls of a work. */
  call(work: WorkName): string {
    return `${this.#base}.call.${wordsOf(work)}`;
  }

  /** Calls of all works. */
  get everyCall(): string {
    return `${this.#base}.call.>`;
  }

  /** Names of what is kept for this namespace. */
  kept(what: "JOBS" | "DONE" | "DEAD" | "LARGE"): string {
    return `${this.#base}.${what}`.replaceAll(".", "-");
  }

  /** That a call is done which is known by this. */
  done(key: string): string {
    return `${this.#base}.done.${word(key)}`;
  }

  get everyDone(): string {
    return `${this.#base}.done.*`;
  }

  /** What nobody could do. */
  get dead(): string {
    return `${this.#base}.dead`;
  }

  /** Durable calls of a work. */
  job(work: WorkName): string {
    return `${this.#base}.job.${wordsOf(work)}`;
  }

  get everyJob(): string {
    return `${this.#base}.job.>`;
  }

  /** To a caller; `about` is the number of what he sent together, or nothing in particular. */
  to(caller: string, about: number | "*" = 0): string {
    return `${this.#base}.to.${caller}.${about}`;
  }

  /** Whether it is such a one: nothing else is answered to. */
  isToCaller(subject: string): boolean {
    return subject.startsWith(`${this.#base}.to.`);
  }

  /** What a caller says to all who work for him. */
  of(caller: string): string {
    return `${this.#base}.of.${caller}`;
  }

  /** To one worker. */
  at(worker: string): string {
    return `${this.#base}.at.${worker}`;
  }
}

function wordsOf({ module, name, version }: WorkName): string {
  return `${word(module)}.${word(name)}${version === undefined ? "" : `-v${word(version)}`}`;
}

/** Two names may become one word: the message says which is meant. */
function word(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, "_").slice(-LONGEST_WORD) || "_";
}
