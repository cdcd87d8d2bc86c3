/**
 * Who is there, and what runs: asked of all in a namespace, whatever version they speak, and answered in JSON, which grows by fields and
 * changes in none.
 */
import type { Clock } from "../../ports/clock.ts";
import type { Subjects, WorkName } from "./subjects.ts";
import type { Incoming, Transport } from "./transport.ts";
import { list, literal, number, optional, record, type Schema, text, tuple } from "./wire/schema.ts";

/** A call, as its caller or its worker sees it. */
export interface RunningCall {
  readonly caller: string;
  readonly id: number;
  readonly work: string;
  readonly state: string;
  /** Since when, in ms. */
  readonly ms: number;
  /** Where it is called: the scopes around, from the outside in. Only its caller knows. */
  readonly path?: readonly string[] | undefined;
}

/** What somebody says of himself. */
export interface About {
  readonly kind: "caller" | "worker";
  readonly id: string;
  readonly label: string;
  /** The version of the messages it speaks. */
  readonly speaks: string;
  readonly works: readonly (readonly [module: string, name: string, version: string | null])[];
  readonly calls: readonly RunningCall[];
  /** How many calls it runs at a time. */
  readonly size: number;
}

const call = record<RunningCall>({ caller: text, id: number, work: text, state: text, ms: number, path: optional(list(text)) });
const orNull: Schema<string | null> = (value): value is string | null => value === null || text(value);
const about = record<About>({ kind: literal("caller", "worker"), id: text, label: text, speaks: text, works: list(tuple(text, text, orNull)), calls: list(call), size: number });

/** Answers for as long as `transport` is there. */
export function answerSurveys(transport: Transport, subjects: Subjects, tell: () => About): void {
  transport.subscribe(subjects.survey, ({ reply }) => {
    if (reply === undefined) return;
    const bytes = new TextEncoder().encode(JSON.stringify(tell()));
    if (bytes.byteLength <= transport.maxPayload) transport.publish(reply, bytes);
  });
}

/** Asks, and waits `ms` for whoever answers. */
export async function survey(transport: Transport, subjects: Subjects, clock: Clock, ms: number): Promise<readonly About[]> {
  const answers: About[] = [];
  const reply = `${subjects.survey}.${Math.random().toString(36).slice(2)}`;
  const answered = transport.subscribe(reply, (message) => {
    const said = read(message);
    if (said !== undefined) answers.push(said);
  });
  transport.publish(subjects.survey, new Uint8Array(), reply);
  await new Promise<void>((resolve) => clock.arm({ at: clock.now() + ms, slot: -1, fire: resolve }));
  await answered.end();
  return answers;
}

function read({ data, isUnheard }: Incoming): About | undefined {
  if (isUnheard) return undefined;
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(data));
    return about(said) ? said : undefined;
  } catch {
    return undefined;
  }
}

/** As messages and people name it. */
export function titleOf({ module, name, version }: WorkName): string {
  return `${module}#${name}${version === undefined ? "" : ` (version ${version})`}`;
}
