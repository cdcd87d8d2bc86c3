/**
 * The clock of the program, as far as can be told from here: messages take their time, so what came the fastest is nearest to the truth.
 */
const FORGETTING = 0.02;

let ahead = Number.NaN;
let stoppedAt: number | undefined;
let latest = 0;

/** A message came that was told at `at`. */
export function hear(at: number, isRunning: boolean): void {
  const seen = at - performance.now();
  ahead = Number.isNaN(ahead) || seen > ahead ? seen : ahead + FORGETTING * (seen - ahead);
  latest = Math.max(latest, at);
  stoppedAt = isRunning ? undefined : latest;
}

/** Forgets it: another connection begins. */
export function forgetClock(): void {
  ahead = Number.NaN;
  stoppedAt = undefined;
  latest = 0;
}

export function programNow(): number {
  return stoppedAt ?? (Number.isNaN(ahead) ? 0 : Math.max(latest, performance.now() + ahead));
}
