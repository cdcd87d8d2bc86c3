import type { Host } from "../ports/host.ts";

/** A port of Node.js, which keeps the process alive. */
interface Counted {
  ref(): void;
  unref(): void;
}

/**
 * A later turn: a message to ourselves, because nested zero timers are slowed down to 4 ms. The port is made
 * when first needed.
 */
let channel: MessageChannel | undefined;
const turns: (() => void)[] = [];

function nextTurn(callback: () => void): void {
  if (channel === undefined) {
    channel = new MessageChannel();
    const port: MessagePort & Partial<Counted> = channel.port1;
    port.onmessage = () => {
      const turn = turns.shift();
      // A bundle for browsers that runs in Node.js, in a test say, is to end when nothing is to come.
      if (turns.length === 0) port.unref?.();
      turn?.();
    };
  }
  if (turns.length === 0) (channel.port1 as MessagePort & Partial<Counted>).ref?.();
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
