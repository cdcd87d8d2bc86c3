/** Traces this thread, to the file that `ESPALIER_TRACE` names: `espalier trace` has made it. */
import { basename } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import { host } from "#host";
import { attachProbe } from "../../lowlevel.ts";
import { CATEGORY, lineOf, type NameEvent } from "./event.ts";
import { recorder } from "./recorder.ts";
import { Sink } from "./sink.ts";

const { pid } = process;
/** Not 0, which viewers take for an idle processor. */
const tid = threadId + 1;
/** Arrows are told apart by 64 bits, across all threads of all processes. */
const ARROWS = (BigInt(pid) << 42n) | (BigInt(tid & 0xfff) << 30n);
const SINCE_BOOT = Number(process.hrtime.bigint()) / 1_000 - performance.now() * 1_000;

const sink = new Sink(host.variable!("ESPALIER_TRACE")!);

/** With the nanoseconds, and without what floating point adds. */
function now(): number {
  return Math.round((SINCE_BOOT + performance.now() * 1_000) * 1_000) / 1_000;
}

function tellName(what: NameEvent["name"], name: string): void {
  sink.write(lineOf({ ph: "M", name: what, pid, tid, ts: now(), args: { name } }));
}

// Another copy of the library in this thread has lanes with the same numbers.
const copies = ((globalThis as unknown as Record<symbol, number[]>)[Symbol.for("espalier.traces")] ??= []);
const copy = copies.push(pid);

if (isMainThread) tellName("process_name", basename(process.argv[1] ?? host.runtime));
tellName("thread_name", isMainThread ? "main" : `worker ${threadId}`);
attachProbe(
  recorder(({ lane, bind_id, ...told }) => {
    const arrow = bind_id === undefined ? {} : { bind_id: `0x${(ARROWS | BigInt((copy << 26) | (Number(bind_id) & 0x3ff_ffff))).toString(16)}` };
    sink.write(lineOf({ ...told, cat: CATEGORY, pid, tid, ts: now(), id2: { local: `${tid}.${copy}.${lane}` }, ...arrow }));
  }),
);
