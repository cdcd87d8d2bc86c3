/**
 * Makes a file to which nobody writes any more a whole one: lines that were cut off are blanked, what never ended ends with the last that was heard of
 * its thread, and the array is closed. Reads it once; keeps in memory what is open, and no more.
 */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { type AsyncEvent, HEAD, lineOf, type NameEvent, type TraceEvent } from "./event.ts";

const BLOCK = 1024 * 1024;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/** How much there is in a trace. */
export interface TraceSize {
  readonly events: number;
  /** How many scopes, tasks and waits had not ended. */
  readonly unfinished: number;
}

/** Throws the system's error for a file that cannot be read or written. */
export function seal(path: string): TraceSize {
  const file = openSync(path, "r+");
  try {
    const open = new Map<string, AsyncEvent[]>();
    const last = new Map<string, TraceEvent>();
    let events = 0;
    let name: NameEvent | undefined;
    const length = forEachLine(file, (line, at, isWhole) => {
      const event = at < HEAD.length ? undefined : eventIn(line, isWhole);
      if (event === undefined) return void (at >= HEAD.length && blank(file, at, line.length));
      events++;
      last.set(threadOf(event), event);
      if (event.ph === "M") name = event;
      else note(open, event);
    });
    const ends = [...open.values()].flatMap((slices) => slices.reverse());
    const closing = ends.map((slice) => lineOf({ ...slice, ph: "e", ts: last.get(threadOf(slice))!.ts, args: { status: "unfinished" } }));
    // JSON has no comma after the last one: that is one that says nothing new.
    const lines = name === undefined ? ["]\n"] : [...closing, `${JSON.stringify(name)}\n]\n`];
    writeAll(file, Buffer.from(lines.join("")), length);
    return { events: events + ends.length, unfinished: ends.length };
  } finally {
    closeSync(file);
  }
}

function note(open: Map<string, AsyncEvent[]>, event: AsyncEvent): void {
  const lane = `${event.pid} ${event.id2.local}`;
  const slices = open.get(lane);
  if (event.ph === "b") {
    if (slices === undefined) open.set(lane, [event]);
    else slices.push(event);
  } else if (event.ph === "e" && slices?.pop() !== undefined && slices.length === 0) {
    open.delete(lane);
  }
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`;
}

/** `undefined` for what a crash has left of a line. */
function eventIn(line: Buffer, isWhole: boolean): TraceEvent | undefined {
  const text = line.toString();
  if (!isWhole || !text.endsWith(",")) return undefined;
  try {
    return JSON.parse(text.slice(0, -1)) as TraceEvent;
  } catch {
    return undefined;
  }
}

function blank(file: number, at: number, length: number): void {
  writeAll(file, Buffer.alloc(length, SPACE), at);
}

/** Gives the length of the file. `isWhole` is false for a last line without an end. */
function forEachLine(file: number, see: (line: Buffer, at: number, isWhole: boolean) => void): number {
  const block = Buffer.alloc(BLOCK);
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for (let read = readSync(file, block, 0, BLOCK, 0); read > 0; read = readSync(file, block, 0, BLOCK, at + rest.length)) {
    const text = Buffer.concat([rest, block.subarray(0, read)]);
    let begin = 0;
    for (let next = text.indexOf(NEWLINE); next >= 0; next = text.indexOf(NEWLINE, begin)) {
      see(text.subarray(begin, next), at + begin, true);
      begin = next + 1;
    }
    at += begin;
    rest = text.subarray(begin);
  }
  if (rest.length > 0) see(rest, at, false);
  return at + rest.length;
}

function writeAll(file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}
