/**
 * The watchdog: a thread that sees the other one's event loop stand still, and looks at what it is doing, while it does it.
 *
 *   watching ──no beat for longer than the limit──▶ looking ──paused, read, resumed──▶ told ──beats again──▶ watching
 *
 * The debugger of the other thread is on only while it is looked at: turned on, it slows every await down many times.
 */
import { writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { reportText } from "../report-text.ts";
import { Beats } from "./beats.ts";
import { reportOf, type Stall } from "./stall.ts";

const LOOK_MS = 25;
/** So long the other thread may take to stop where it can be looked at: native code that does not return never does. */
const PATIENCE_MS = 1_000;

/** Given at the start; the next one comes from the event loop. */
const FIRST_BEAT = 1;

const beats = new Beats((workerData as { memory: SharedArrayBuffer }).memory);
let seen = beats.beats;
let since = performance.now();
let isTold = false;

setInterval(() => {
  const now = performance.now();
  if (beats.beats !== seen) {
    seen = beats.beats;
    since = now;
    isTold = false;
  } else if (!isTold && now - since > beats.limit) {
    isTold = true;
    const ms = Math.round(now - since);
    if (beats.isDebugged) tell({ ms, frames: [], task: {} });
    else look((frames, task) => tell({ ms, frames, task }));
  }
}, LOOK_MS);

function tell(stall: Stall): void {
  // While its modules are loaded nothing runs yet that could wait.
  if (stall.task.name === undefined && beats.beats <= FIRST_BEAT) return;
  // Directly: the streams of a thread go through the one that is blocked.
  if (!beats.hasListeners) writeSync(2, `${reportText(reportOf(stall))}\n`);
  else parentPort!.postMessage(stall);
  beats.reported();
}

function look(saw: (frames: string[], task: Stall["task"]) => void): void {
  const session = new Session();
  const urls = new Map<string, string>();
  let isOver = false;
  const over = (frames: string[], task: Stall["task"]): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(patience);
    session.post("Debugger.disable", () => session.disconnect());
    saw(frames, task);
  };
  const patience = setTimeout(() => over([], {}), PATIENCE_MS);
  session.connectToMainThread();
  session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => urls.set(scriptId, url));
  session.on("Debugger.paused", ({ params: { callFrames } }) => {
    const ask = { callFrameId: callFrames[0]!.callFrameId, expression: 'globalThis[Symbol.for("espalier.debug")]?.describeCurrent()', returnByValue: true, silent: true };
    session.post("Debugger.evaluateOnCallFrame", ask, (error, answer) => {
      // First of all: whatever happens here, the program goes on.
      session.post("Debugger.resume");
      const text: unknown = error === null ? (answer as Debugger.EvaluateOnCallFrameReturnType).result.value : undefined;
      over(callFrames.map((frame) => frameText(frame, urls)), taskOf(text));
    });
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

function frameText({ functionName, location }: Debugger.CallFrame, urls: ReadonlyMap<string, string>): string {
  const place = `${(urls.get(location.scriptId) ?? "").replace(/^file:\/\//, "")}:${location.lineNumber + 1}`;
  return functionName === "" ? place : `${functionName}, ${place}`;
}

function taskOf(text: unknown): Stall["task"] {
  return typeof text === "string" ? (JSON.parse(text) as Stall["task"]) : {};
}
