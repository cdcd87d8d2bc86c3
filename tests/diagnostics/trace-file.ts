/** Reads a trace as the format says, and refuses what breaks its rules. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export interface Event {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly id2?: { readonly local: string };
  readonly args?: Readonly<Record<string, unknown>>;
  readonly bind_id?: string;
  readonly flow_in?: true;
  readonly flow_out?: true;
}

/** Something that began and ended. */
export interface Slice {
  readonly begin: Event;
  end: Event | undefined;
  readonly within: Slice | undefined;
}

export interface Trace {
  readonly events: readonly Event[];
  readonly slices: readonly Slice[];
  /** Whose moments are connected, by name. */
  readonly arrows: readonly { readonly from: readonly string[]; readonly to: readonly string[] }[];
}

/**
 * The rules: the file is JSON, one array; each event has its phase, its name, and who wrote it when; on a thread time never goes back; within one id slices are
 * nested, each end names what it ends, each begin has its end, moments lie in a slice; an id that has come to its end does not come again;
 * an arrow begins before it ends.
 */
export function readTrace(file: string): Trace {
  const events = JSON.parse(readFileSync(file, "utf8")) as Event[];
  const open = new Map<string, Slice[]>();
  const slices: Slice[] = [];
  const arrows = new Map<string, { from: string[]; to: string[] }>();
  const last = new Map<string, number>();

  for (const [index, event] of events.entries()) {
    const { ph, name, pid, tid, ts } = event;
    const where = `event ${index}: ${JSON.stringify(event)}`;
    assert.ok(typeof name === "string" && [pid, tid].every(Number.isSafeInteger) && tid > 0 && Number.isFinite(ts), where);
    if (ph === "M") {
      assert.ok(["process_name", "thread_name"].includes(name) && typeof event.args?.["name"] === "string", where);
      continue;
    }
    assert.ok(ts >= (last.get(`${pid} ${tid}`) ?? 0), `time goes back at ${where}`);
    last.set(`${pid} ${tid}`, ts);
    assert.equal(event.cat, "espalier", where);
    const id = `${pid} ${event.id2?.local}`;
    const nested = open.get(id) ?? [];
    if (ph === "b") {
      assert.ok(nested.length > 0 || !open.has(id), `the id of something that is over comes again at ${where}`);
      const slice: Slice = { begin: event, end: undefined, within: nested.at(-1) };
      slices.push(slice);
      open.set(id, [...nested, slice]);
    } else if (ph === "e") {
      const slice = nested.at(-1);
      assert.equal(slice?.begin.name, name, `something else ends than what began last at ${where}`);
      assert.equal(slice.begin.tid, tid, where);
      slice.end = event;
      open.set(id, nested.slice(0, -1));
    } else {
      assert.equal(ph, "n", where);
      assert.ok(nested.length > 0, `a moment of nothing: ${where}`);
    }
    note(event);
  }
  for (const slice of slices) assert.ok(slice.end !== undefined, `has no end: ${JSON.stringify(slice.begin)}`);
  return { events, slices, arrows: [...arrows.values()] };

  function note({ bind_id, flow_in, flow_out, args }: Event): void {
    if (bind_id === undefined) return assert.ok(flow_in === undefined && flow_out === undefined);
    assert.match(bind_id, /^0x[0-9a-f]{1,16}$/);
    assert.notEqual(flow_in, flow_out, "an arrow begins or ends");
    const arrow = arrows.get(bind_id) ?? { from: [], to: [] };
    arrows.set(bind_id, arrow);
    if (flow_in === true) assert.ok(arrow.from.length > 0, "an arrow ends before it begins");
    (flow_out === true ? arrow.from : arrow.to).push(String(args?.["of"]));
  }
}

/** A slice by its name, of which there is one. */
export function sliceOf({ slices }: Trace, name: string): Slice {
  const found = slices.filter(({ begin }) => begin.name === name);
  assert.equal(found.length, 1, `${found.length} slices are called ${name}`);
  return found[0]!;
}

/** What is in it, in the order of beginning. */
export function inside({ slices }: Trace, slice: Slice): string[] {
  return slices.filter(({ within }) => within === slice).map(({ begin }) => begin.name);
}
