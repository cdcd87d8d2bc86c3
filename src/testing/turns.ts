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

/** Resolves when it is time for look number `n` at something that has not happened yet: often at first, then rarely. */
export function untilLook(n: number): Patience {
  if (n < EAGER_LOOKS) return { over: turn(), end() {} };
  return untilLater(Math.min(2 ** (n - EAGER_LOOKS), LONGEST_PAUSE_MS), false);
}

/** A pause that can be ended early. */
export interface Patience {
  readonly over: Promise<void>;
  end(): void;
}

/** A pause of real time; `keepsAlive` says whether the process stays alive for it. */
export function untilLater(ms: number, keepsAlive: boolean): Patience {
  let end!: () => void;
  const over = new Promise<void>((resolve) => (end = resolve));
  const timer = host.setTimer(end, ms);
  if (!keepsAlive) (timer as { unref?: () => void }).unref?.();
  return {
    over,
    end() {
      host.clearTimer(timer);
      end();
    },
  };
}
