/** The events of a trace, in the Trace Event Format: what Perfetto and Chrome's own viewer read. One for each line of the file. */

interface Event {
  readonly pid: number;
  /** Which thread of the process wrote it. */
  readonly tid: number;
  /** In µs of a clock that all processes of a machine share. */
  readonly ts: number;
}

/** Begins, ends, or a moment of something asynchronous. Those of one `id2` in one process are nested: the last one that began is the first to end. */
export interface AsyncEvent extends Event {
  readonly ph: "b" | "e" | "n";
  readonly cat: string;
  readonly name: string;
  readonly id2: { readonly local: string };
  readonly args?: Readonly<Record<string, unknown>>;
  /** Events with the same one are connected by an arrow: from those that it flows out of to those that it flows into. */
  readonly bind_id?: string;
  readonly flow_out?: true;
  readonly flow_in?: true;
}

/** Says what a process or a thread is called. */
export interface NameEvent extends Event {
  readonly ph: "M";
  readonly name: "process_name" | "thread_name";
  readonly args: { readonly name: string };
}

export type TraceEvent = AsyncEvent | NameEvent;

export const CATEGORY = "espalier";

/** What a trace begins with: the format is one array. */
export const HEAD = "[\n";

export function lineOf(event: TraceEvent): string {
  return `${JSON.stringify(event)},\n`;
}
