/**
 * Letting the event loop run: turns, and pauses that keep nothing alive.
 *
 * One turn completes all promise work that is ready. The turns that are asked for here are counted, so that they are
 * not taken for a sign of life of something else.
 */
import { host } from "#host";

let coming = 0;

/** One turn of the event loop. */
export function turn(): Promise<void> {
  coming++;
  return new Promise((resolve) => {
    host.nextTurn(() => {
      coming--;
      resolve();
    });
  });
}

/** How many turns that were asked for here are still to come. */
export function turnsToCome(): number {
  return coming;
}

/** Looks that are cheap enough to be taken one turn after the other. */
const EAGER_LOOKS = 50;
const LONGEST_PAUSE_MS = 200;

/** The pause before look number `n` at something that has not happened yet: short at first, then longer. */
export function untilLook(n: number, keepsAlive: boolean): Patience {
  if (n < EAGER_LOOKS) return { over: turn(), end() {} };
  return untilLater(Math.min(2 ** (n - EAGER_LOOKS), LONGEST_PAUSE_MS), keepsAlive);
}

/** A pause that can be ended early. */
export interface Patience {
  readonly over: Promise<void>;
  end(): void;
}

let set = 0;

/** How many timers that were set here keep the process alive. */
export function timersSet(): number {
  return set;
}

/** The longest delay a native timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

/** A pause of real time, of some weeks at most; `keepsAlive` says whether the process stays alive for it. */
export function untilLater(ms: number, keepsAlive: boolean): Patience {
  let resolve!: () => void;
  const over = new Promise<void>((settle) => (resolve = settle));
  let isSet = true;
  const end = (): void => {
    if (isSet && keepsAlive) set--;
    isSet = false;
    resolve();
  };
  const timer = host.setTimer(end, Math.min(ms, LONGEST_MS));
  if (keepsAlive) set++;
  else (timer as { unref?: () => void }).unref?.();
  return {
    over,
    end() {
      host.clearTimer(timer);
      end();
    },
  };
}
