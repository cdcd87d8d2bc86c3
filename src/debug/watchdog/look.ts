import { type Debugger, Session } from "node:inspector";
import { mainThread } from "./main-thread.ts";
import type { Stall } from "./stall.ts";

/**
 * So long the main thread may take to stop where it can be looked at: native code that does not return never does. What other
 * programs took from it does not count.
 */
const PATIENCE_MS = 1_000;
const given = (): number => performance.now() - (mainThread()?.starved ?? 0);

/** Pauses the main thread, reads which lines run and for which task, and lets it go on. Without an answer in time, both are empty. */
export function look(saw: (frames: string[], task: Stall["task"]) => void): void {
  const session = new Session();
  const urls = new Map<string, string>();
  let isOver = false;
  const over = (frames: string[], task: Stall["task"]): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(patience);
    session.post("Debugger.disable", () => session.disconnect());
    saw(frames, task);
  };
  const until = given() + PATIENCE_MS;
  const patience = setInterval(() => {
    if (given() >= until) over([], {});
  }, PATIENCE_MS / 10);
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
