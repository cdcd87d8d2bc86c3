import type { Host } from "../ports/host.ts";

/** What a program for browsers has besides when a test runs it in Node.js. Others' fake timers, which come later, do not change it. */
const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };

/**
 * A later turn: a message to ourselves, because nested zero timers are slowed down to 4 ms. The port is made
 * when first needed. Not in Node.js, which hands over a thousand messages before anybody's timer has its turn.
 */
let channel: MessageChannel | undefined;
const turns: (() => void)[] = [];

function messageToOurselves(callback: () => void): void {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => turns.shift()?.();
  }
  turns.push(callback);
  channel.port2.postMessage(undefined);
}

/** Browsers, web workers, and whatever else has timers and messages. */
export const host: Host = {
  runtime: "browser",
  now: () => performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer as number),
  nextTurn: setImmediate === undefined ? messageToOurselves : (callback) => void setImmediate(callback),
};
