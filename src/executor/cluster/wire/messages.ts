/** What callers and workers of a cluster say to each other. Each message is a tuple, of which the first entry says what it is; all else is refused. */
import type { CancelSource } from "../../../errors/cancelled.ts";
import { CANCELLED, DIED, FAILED, type Status, SUCCEEDED } from "../../wire/messages.ts";
import { frame, partOf, unframe, Unreadable, valueOf } from "./frame.ts";
import { anything, flag, list, literal, number, optional, record, type Schema, text, tuple, whole, word } from "./schema.ts";

/** From a caller. Of calls each has a part: a {@link CallPart}. */
export type OfCaller =
  | readonly ["calls", caller: string, lease: number, module: string, work: string, version: string | undefined]
  | readonly ["beat"]
  | readonly ["cancel", call: number, source: CancelSource, by: string, reason: unknown]
  | readonly ["limit", call: number, left: number | undefined]
  | readonly ["confirm", calls: readonly number[]]
  | readonly ["reply", caller: string, request: number, succeeded: boolean, value: unknown]
  | readonly ["claimed", caller: string, wanted: readonly number[], unwanted: readonly number[]];

/** From a worker, whose name comes second. Of results each has a part: a {@link ResultPart}. */
export type OfWorker =
  | readonly ["results", worker: string, isToConfirm: boolean]
  | readonly ["busy", worker: string, calls: readonly number[]]
  | readonly ["running", worker: string, calls: readonly number[]]
  | readonly ["hello", worker: string]
  | readonly ["request", worker: string, call: number, request: number, offered: string, input: unknown, blocks: boolean]
  | readonly ["drop", worker: string, request: number]
  | readonly ["claim", worker: string, calls: readonly number[]]
  | readonly ["refused", worker: string, why: string];

/** What few calls have. */
export interface Carried {
  /** Time left, in ms. */
  readonly left?: number | undefined;
  readonly context?: readonly (readonly [name: string, value: unknown])[] | undefined;
  readonly priority?: number | undefined;
  /** It is to be ended with its thread so many ms after its cancellation. */
  readonly grace?: number | undefined;
  readonly key?: string | undefined;
}

export type CallPart = readonly [call: number, input: unknown, carried: Carried | undefined];
export type ResultPart = readonly [call: number, status: Status, value: unknown, ran: number];
/** Instead of either: the part lies in the store, under that name. */
export type PartElsewhere = readonly [call: number, name: string];

const source = literal<CancelSource>("explicit", "deadline", "sibling", "signal", "shutdown", "ended");
const ids = list(whole);

const ofCallers: Readonly<Record<OfCaller[0], Schema<OfCaller>>> = {
  calls: tuple(literal("calls"), word, number, text, text, optional(text)),
  beat: tuple(literal("beat")),
  cancel: tuple(literal("cancel"), whole, source, text, anything),
  limit: tuple(literal("limit"), whole, optional(number)),
  confirm: tuple(literal("confirm"), ids),
  reply: tuple(literal("reply"), word, whole, flag, anything),
  claimed: tuple(literal("claimed"), word, ids, ids),
};
const ofWorkers: Readonly<Record<OfWorker[0], Schema<OfWorker>>> = {
  results: tuple(literal("results"), word, flag),
  busy: tuple(literal("busy"), word, ids),
  running: tuple(literal("running"), word, ids),
  hello: tuple(literal("hello"), word),
  request: tuple(literal("request"), word, whole, whole, text, anything, flag),
  drop: tuple(literal("drop"), word, whole),
  claim: tuple(literal("claim"), word, ids),
  refused: tuple(literal("refused"), word, text),
};
const carried = record<Carried>({ left: optional(number), context: optional(list(tuple(text, anything))), priority: optional(number), grace: optional(number), key: optional(text) });
export const callPart: Schema<CallPart> = tuple(whole, anything, optional(carried));
export const resultPart: Schema<ResultPart> = tuple(whole, literal<Status>(SUCCEEDED, FAILED, CANCELLED, DIED), anything, number);
export const partElsewhere: Schema<PartElsewhere> = tuple(whole, text);

/** A message, and the parts that come with it. */
export interface Read<M> {
  readonly head: M;
  readonly parts: readonly Uint8Array[];
}

/** Throws for what cannot be sent. */
export function write(head: OfCaller | OfWorker, parts: readonly Uint8Array[] = []): Uint8Array {
  return frame([partOf(head), ...parts]);
}

/** What a worker hears; throws Unreadable. */
export function readOfCaller(bytes: Uint8Array): Read<OfCaller> {
  return read(bytes, ofCallers);
}

/** What a caller hears; throws Unreadable. */
export function readOfWorker(bytes: Uint8Array): Read<OfWorker> {
  return read(bytes, ofWorkers);
}

/** One part; throws Unreadable. */
export function readPart<T>(part: Uint8Array, schema: Schema<T>): T {
  const value = valueOf(part);
  if (!schema(value)) throw new Unreadable("malformed", "a part of it is not what it should be");
  return value;
}

function read<M>(bytes: Uint8Array, schemas: Readonly<Record<string, Schema<M>>>): Read<M> {
  const [first, ...parts] = unframe(bytes);
  const head = valueOf(first!);
  const kind: unknown = Array.isArray(head) ? head[0] : undefined;
  const schema = typeof kind === "string" && Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
  if (schema === undefined) throw new Unreadable("malformed", "it is of no known kind");
  if (!schema(head)) throw new Unreadable("malformed", `it says "${kind as string}", and is not made so`);
  return { head, parts };
}
