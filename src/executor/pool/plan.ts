/** What the options of a pool say, checked. */
import { seen } from "../../flow/arguments.ts";
import type { ExecutorOptions, Recycling, RunOptions } from "../contract.ts";
import { offerOf } from "../offer.ts";
import { SLOTS } from "../wire/claims.ts";
import type { Launcher } from "./carrier.ts";

export interface Plan {
  readonly name: string;
  readonly size: number;
  readonly min: number;
  readonly perWorker: number;
  /** Whether to end a worker ends one call only. */
  readonly canTerminate: boolean;
  readonly maxQueued: number;
  readonly idle: number;
  readonly recycle: Recycling;
  readonly onError: ((error: unknown, name: string) => void) | undefined;
}

const DEFAULT_IDLE_MS = 10_000;

/** Throws RangeError or TypeError for what makes no sense. */
export function planOf(options: ExecutorOptions, kind: string, { parallelism, sharesMemory = false, isHere = false, isWide = isHere }: Launcher): Plan {
  const { name = kind, size = parallelism, min = 0, perWorker = 1, maxQueued = Infinity, idle = DEFAULT_IDLE_MS, recycle = {}, onError } = options;
  if (!(isHere && size === Infinity)) whole(size, `${kind}: size`, 1);
  whole(min, `${kind}: min`, 0);
  whole(perWorker, `${kind}: perWorker`, 1);
  if (sharesMemory && perWorker > SLOTS) throw new RangeError(`${kind}: perWorker must be at most ${SLOTS}, which is as many calls as a thread has places for, and is ${perWorker}. More run beside each other in more threads: size.`);
  if (maxQueued !== Infinity) whole(maxQueued, `${kind}: maxQueued`, 0);
  if (min > size) throw new RangeError(`${kind} needs min, ${min}, to be at most size, ${size}.`);
  duration(idle, `${kind}: idle`);
  if (typeof recycle !== "object" || recycle === null) throw new TypeError(`${kind} needs recycle to say when, { calls: 1_000 }, and got ${seen(recycle)}.`);
  for (const key of ["calls", "age", "heap"] as const) if (recycle[key] !== undefined) duration(recycle[key], `${kind}: recycle.${key}`);
  if (onError !== undefined && typeof onError !== "function") throw new TypeError(`${kind} needs a function as onError, and got ${typeof onError}.`);
  const canTerminate = perWorker === 1;
  // One worker, however many calls it runs.
  if (isWide) return { name, size: 1, min: 0, perWorker: size * perWorker, canTerminate, maxQueued, idle: Infinity, recycle: {}, onError };
  return { name, size, min, perWorker, canTerminate, maxQueued, idle, recycle, onError };
}

/** The options of a call as they are now: what becomes of that object later changes no call. Throws for what makes no sense. */
export function runOptionsOf(options: RunOptions | undefined, call: string, { perWorker, canTerminate }: Plan): RunOptions {
  if (options === undefined) return NONE;
  if (typeof options !== "object" || options === null) throw new TypeError(`${call} needs its options as an object, { priority: 1 }, and got ${seen(options)}.`);
  const { transfer, offers, ...given } = options;
  const { whenCancelled = "wait", grace = 0, priority = 0, key = "-" } = given;
  if (typeof key !== "string" || key === "" || key.length > LONGEST_KEY) throw new TypeError(`${call} needs a text of 1 to ${LONGEST_KEY} characters as its key, and got ${seen(key)}.`);
  if (whenCancelled !== "wait" && whenCancelled !== "abandon" && whenCancelled !== "terminate") {
    throw new TypeError(`${call} knows whenCancelled: "wait", "abandon" and "terminate", and got ${String(whenCancelled)}.`);
  }
  if (whenCancelled === "terminate" && !canTerminate) {
    throw new TypeError(`${call} cannot terminate a worker that runs other calls beside it: whenCancelled "terminate" needs a pool with perWorker 1, and this one has ${perWorker}.`);
  }
  duration(grace, `${call}: grace`);
  if (typeof priority !== "number" || priority !== priority) throw new RangeError(`${call} needs a number as its priority, and got ${String(priority)}.`);
  if (transfer !== undefined && !Array.isArray(transfer)) throw new TypeError(`${call} needs a list of objects to transfer, [bytes.buffer], and got ${seen(transfer)}.`);
  if (offers !== undefined && !Array.isArray(offers)) throw new TypeError(`${call} needs a list of offers, [progress.by((part) => …)], and got ${seen(offers)}.`);
  return { ...given, transfer: transfer && [...transfer], offers: offers?.map((offer) => offerOf(offer, call)) };
}

const NONE: RunOptions = {};
const LONGEST_KEY = 1_000;

function whole(value: number, what: string, least: number): void {
  if (!Number.isInteger(value) || value < least) throw new RangeError(`${what} must be a whole number from ${least} up, and is ${String(value)}.`);
}

function duration(value: number, what: string): void {
  if (typeof value !== "number" || !(value >= 0)) throw new RangeError(`${what} must be a number from 0 up, and is ${String(value)}.`);
}
