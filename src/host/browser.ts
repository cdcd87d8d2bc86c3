import type { Host } from "../ports/host.ts";

/**
 * A later turn: a message to ourselves, because nested zero timers are slowed down to 4 ms. The port is made
 * when first needed.
 */
let channel: MessageChannel | undefined;
const turns: (() => void)[] = [];

function nextTurn(callback: () => void): void {
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
  nextTurn,
};
